import { context, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import type { LogFields } from './log-fields.js';

export interface SpanSettings {
  /** Default: `internal`. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  /**
   * W3C `traceparent` of the span that caused this one, stored with a row or a job. Null starts a new trace. Default: the
   * span that runs.
   */
  readonly parent?: string | null | undefined;
  /** `traceparent` of a span that is related but not the cause, e.g. of the batch. */
  readonly link?: string | null | undefined;
  readonly attributes?: Attributes;
  /** True for an error that is no failure of the operation, e.g. one that delays a job. */
  readonly isExpected?: (error: unknown) => boolean;
}

/** A span that its owner ends. */
export interface StartedSpan {
  readonly span: Span;
  /** Runs a function as part of the span. */
  run<Result>(task: () => Result): Result;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const tracer = trace.getTracer('reunite');
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

let enabled = false;

/** Set once by the SDK's start. While false, every function here returns at once. */
export function enableSpans(value: boolean): void {
  enabled = value;
}

/** True if spans are recorded. */
export function isTracing(): boolean {
  return enabled;
}

/** Runs an operation in a span, which ends with it. An error becomes the status of the span. */
export function withSpan<Result>(
  name: string,
  settings: SpanSettings,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  if (!enabled) return run(NO_SPAN);
  const started = startSpan(name, settings);
  return started.run(async () => {
    try {
      return await run(started.span);
    } catch (error) {
      if (settings.isExpected?.(error) !== true) recordError(started.span, error);
      throw error;
    } finally {
      started.span.end();
    }
  });
}

/** Starts a span for an operation that has no single function. The caller ends it. */
export function startSpan(name: string, settings: SpanSettings): StartedSpan {
  if (!enabled) return { span: NO_SPAN, run: (task) => task() };
  const { kind, parent, link, attributes = {} } = settings;
  const linked = typeof link === 'string' ? trace.getSpanContext(contextOf(link)) : undefined;
  const around = parent === undefined ? context.active() : contextOf(parent);
  const options = {
    attributes,
    ...(kind && { kind: KINDS[kind] }),
    ...(linked && { links: [{ context: linked }] }),
  };
  const span = tracer.startSpan(name, options, around);
  const inside = trace.setSpan(around, span);
  return { span, run: (task) => context.with(inside, task) };
}

/** The W3C `traceparent` of the span that runs, to store with a row or a job; null while nothing is traced. */
export function currentTraceparent(): string | null {
  if (!enabled) return null;
  const current = trace.getSpanContext(context.active());
  if (!current || !trace.isSpanContextValid(current)) return null;
  return `00-${current.traceId}-${current.spanId}-${current.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Trace and span of a log line; empty while nothing is traced. */
export function traceFields(): { readonly trace?: string; readonly span?: string } {
  if (!enabled) return {};
  const current = trace.getSpanContext(context.active());
  return current ? { trace: current.traceId, span: current.spanId } : {};
}

/** Adds ids to the span that runs, e.g. `deployment` as `reunite.deployment.id`. */
export function addSpanIds(ids: LogFields): void {
  if (!enabled) return;
  const span = trace.getActiveSpan();
  for (const [name, id] of Object.entries(ids) as [string, string][]) span?.setAttribute(`reunite.${name}.id`, id);
}

/** Sets an error as the status of a span: its code and message, which contain no secret. */
export function recordError(span: Span, error: unknown): void {
  const isError = error instanceof Error;
  const code = isError && 'code' in error ? String(error.code) : isError ? error.name : 'unknown';
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: isError ? error.message : String(error) });
}

/** A `traceparent` that cannot be read starts a new trace. https://www.w3.org/TR/trace-context/#traceparent-header */
function contextOf(traceparent: string | null): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}
