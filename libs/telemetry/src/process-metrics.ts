import { collectDefaultMetrics, Gauge, register } from 'prom-client';
import { serviceVersion } from './service-version.js';

/** Upper bounds of durations, in seconds: from a cached answer to the longest deadline of a caller. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const info = new Gauge({
  name: 'service_info',
  help: 'Always 1; the labels are the name and version of the service',
  labelNames: ['app', 'version'],
});

/** Serves the metrics of Node.js and of the process (`nodejs_*`, `process_*`), and {@link info}. */
export function collectProcessMetrics(service: string): void {
  info.set({ app: service, version: serviceVersion }, 1);
  if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
}
