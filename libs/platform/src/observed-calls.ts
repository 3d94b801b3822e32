import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder, status } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { DURATION_BUCKETS, recordError, startSpan, withLogFields } from '@reunite/telemetry';
import type { StartedSpan } from '@reunite/telemetry';
import { Histogram } from 'prom-client';

const duration = new Histogram({
  name: 'grpc_server_call_duration_seconds',
  help: 'Duration of gRPC calls that this process answered, by method and code: ok, the code of the error, or the gRPC status of a call that was ended before',
  labelNames: ['method', 'code'],
  buckets: DURATION_BUCKETS,
});

/**
 * Measures and traces the calls of a gRPC server, and adds the method to the log lines that a call writes. Only services
 * with a certificate of ours can call, so their traces are continued.
 *
 * @param codeTrailer name of the trailer with the code of an error
 */
export function observedCalls(codeTrailer: string): ServerInterceptor {
  return ({ path }, call) => {
    const method = path.slice(path.lastIndexOf('/') + 1);
    const end = duration.startTimer({ method });
    let started: StartedSpan | null = null;
    const inCall = (run: () => void) => withLogFields({ request: method }, () => (started ? started.run(run) : run()));
    const finish = (code: string, error?: Error) => {
      end({ code });
      if (!started) return;
      if (error) recordError(started.span, error);
      started.span.end();
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const [header] = metadata.get('traceparent');
        const attributes = { 'rpc.system': 'grpc', 'rpc.method': method };
        started = startSpan(`grpc ${method}`, { kind: 'server', parent: header?.toString() ?? null, attributes });
        inCall(() => next(metadata));
      })
      .withOnReceiveMessage((message, next) => inCall(() => next(message)))
      .withOnReceiveHalfClose((next) => inCall(next))
      .withOnCancel(() => finish('cancelled'))
      .build();
    const responder = new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendStatus((sent, next) => {
        const [trailer] = sent.metadata?.get(codeTrailer) ?? [];
        const code = trailer?.toString() ?? status[sent.code];
        if (sent.code === status.OK) finish('ok');
        else finish(code, Object.assign(new Error(sent.details), { code }));
        next(sent);
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}
