import { z } from 'zod';
import { enableSpans } from './spans.js';

/** The standard variables that decide whether and where spans are exported. The SDK reads the others itself. */
export const tracingSettings = {
  OTEL_TRACES_EXPORTER: z
    .enum(['otlp', 'none'])
    .default('otlp')
    .describe('Exporter of traces; `otlp` needs an endpoint. Other OTEL_* variables of the SDK apply too'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('URL of an OTLP receiver, e.g. http://otel-collector:4318. Nothing is traced if unset'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Complete URL for traces, used instead of OTEL_EXPORTER_OTLP_ENDPOINT'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'])
    .default('http/protobuf')
    .describe('Encoding of exported traces'),
  OTEL_SDK_DISABLED: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false)
    .describe('Turns tracing off, whatever the endpoint is'),
};
export type TracingSettings = z.output<z.ZodObject<typeof tracingSettings>>;

/** Running export of spans. */
export interface Tracing {
  /** Exports the remaining spans and stops. */
  shutdown(): Promise<void>;
}

/** Starts to record spans and to export them. @returns null, without loading the SDK, if no endpoint is configured */
export async function startTracing(service: string, settings: TracingSettings): Promise<Tracing | null> {
  const url = tracesUrl(settings);
  if (url === null) return null;
  const { startSdk } = await import('./tracing-sdk.js');
  const sdk = await startSdk({ service, url, protocol: settings.OTEL_EXPORTER_OTLP_PROTOCOL });
  enableSpans(true);
  return {
    shutdown: async () => {
      enableSpans(false);
      await sdk.shutdown();
    },
  };
}

function tracesUrl(settings: TracingSettings): string | null {
  if (settings.OTEL_SDK_DISABLED || settings.OTEL_TRACES_EXPORTER === 'none') return null;
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: base } = settings;
  if (traces !== undefined) return traces;
  return base === undefined ? null : `${base.replace(/\/$/, '')}/v1/traces`;
}
