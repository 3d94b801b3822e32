import { describe, expect, it } from '@jest/globals';
import { TraceReceiver } from '@reunite/testing';
import { currentTraceparent, isTracing, withSpan } from './spans.js';
import { startTracing } from './start-tracing.js';
import type { TracingSettings } from './start-tracing.js';

const OFF: TracingSettings = {
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_SDK_DISABLED: false,
};

describe('tracing', () => {
  it.each([
    { ...OFF },
    { ...OFF, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: true },
    { ...OFF, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' as const },
  ])('is off without an endpoint, or if it is disabled', async (settings) => {
    expect(await startTracing('test', settings)).toBeNull();
    expect(await withSpan('nothing', {}, () => Promise.resolve(currentTraceparent()))).toBeNull();
    expect(isTracing()).toBe(false);
  });

  it('exports one trace of spans that continue each other across a stored traceparent, with errors', async () => {
    const receiver = await TraceReceiver.start();
    const tracing = await startTracing('test', { ...OFF, ...receiver.environment });
    const stored = await withSpan('receive', { kind: 'server', parent: null }, () =>
      withSpan('store', {}, () => Promise.resolve(currentTraceparent())),
    );
    const failing = withSpan('process', { kind: 'consumer', parent: stored }, () =>
      Promise.reject(new Error('no luck')),
    );
    await expect(failing).rejects.toThrow('no luck');
    await withSpan('unrelated', { parent: 'not a traceparent' }, () => Promise.resolve());
    await tracing?.shutdown();
    receiver.close();

    const [receive, store, process, unrelated] = ['receive', 'store', 'process', 'unrelated'].map((name) =>
      receiver.spans.find((span) => span.name === name),
    );
    expect(stored).toBe(`00-${receive?.traceId ?? ''}-${store?.spanId ?? ''}-01`);
    expect([receive?.parentSpanId ?? '', store?.parentSpanId, process?.parentSpanId]).toEqual([
      '',
      receive?.spanId,
      store?.spanId,
    ]);
    expect(new Set([receive?.traceId, store?.traceId, process?.traceId]).size).toBe(1);
    expect(process?.status).toEqual({ code: 2, message: 'no luck' });
    expect(unrelated?.traceId).not.toBe(receive?.traceId);
  });
});
