export { BoundedSeries } from './bounded-series.js';
export { addLogFields, logFields, withLogFields } from './log-fields.js';
export type { LogFields } from './log-fields.js';
export { collectProcessMetrics, DURATION_BUCKETS } from './process-metrics.js';
export { serviceVersion } from './service-version.js';
export { startTracing, tracingSettings } from './start-tracing.js';
export type { Tracing, TracingSettings } from './start-tracing.js';
export { addSpanIds, currentTraceparent, isTracing, recordError, startSpan, traceFields, withSpan } from './spans.js';
export type { SpanSettings, StartedSpan } from './spans.js';
