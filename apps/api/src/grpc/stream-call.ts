import { ServerInterceptingCall, ServerListenerBuilder, ResponderBuilder, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerInterceptor, ServerReadableStream } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import type { ArgumentsHost, CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { tap } from 'rxjs';
import type { Observable } from 'rxjs';

/** A call that a handler of `@GrpcStreamCall` receives: a stream of messages, and the callback that answers it. */
export interface StreamCall {
  readonly call: ServerReadableStream<unknown, unknown>;
  readonly answer: sendUnaryData<unknown>;
}

/** Returns null for a call with one message. Nest passes a stream and a callback, instead of message, metadata and call. */
export function streamCallOf(host: ArgumentsHost): StreamCall | null {
  const [call, answer] = host.getArgs<[ServerReadableStream<unknown, unknown>, unknown]>();
  return typeof answer === 'function' ? { call, answer: answer as sendUnaryData<unknown> } : null;
}

/** Sends the result of a handler of `@GrpcStreamCall`, which Nest leaves to the handler. */
@Injectable()
export class StreamCallInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const stream = streamCallOf(context);
    return stream === null ? next.handle() : next.handle().pipe(tap((result) => stream.answer(null, result as object)));
  }
}

/**
 * Ends a call to `path` with a message that `isTooLarge`. grpc-js buffers up to 16 messages of a stream, so that the limit
 * of all messages would allow for 16 times as much.
 */
export function limitStreamMessages(path: string, isTooLarge: (message: unknown) => boolean): ServerInterceptor {
  return (method, call) => {
    if (method.path !== path) return new ServerInterceptingCall(call);
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        if (!isTooLarge(message)) next(message);
        else call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: 'A message of the stream is too large.' });
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}
