import type { LoggerService } from '@nestjs/common';
import { logFields, serviceVersion, traceFields } from '@reunite/telemetry';
import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/** Fields that are redacted in every object. */
const SECRET_FIELDS = [
  'authorization',
  'token',
  'secret',
  'secrets',
  'password',
  'privateKey',
  'pem',
  'clientSecret',
  'webhookSecret',
  'cookie',
];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * Keeps only the harmless properties of an error: database errors contain their connection, with the session's secret
 * key, and may quote the rejected row.
 */
export function harmlessError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: harmlessError(cause) }) };
}

/**
 * JSON lines on stderr; stdout belongs to the `ready` line. Secrets are redacted by field name. Every line has the service,
 * its version, the trace and the ids of the operation that wrote it, see `withLogFields`.
 */
export function createLogger(service: string, level: string): Logger {
  return pino(
    {
      level,
      base: { service, version: serviceVersion },
      mixin: () => ({ ...logFields(), ...traceFields() }),
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      serializers: { err: harmlessError },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Writes Nest's log lines to the service's logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ context: rest.at(-1) }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: rest.at(-1) }, String(message));
  }
}
