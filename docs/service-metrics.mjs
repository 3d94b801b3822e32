/** Reads the declared metrics of all services from their builds. */
import { collectDefaultMetrics, register } from 'prom-client';

const services = [
  'api/dist/start-api.js',
  'credential-vault/dist/start-vault.js',
  'preview-host/dist/start-preview-host.js',
  'sync-worker/dist/start-worker.js',
  'webhook-ingest/dist/start-ingest.js',
];

/** @returns name, type, help and labels of every metric of ours, then of those of Node.js and the process */
export async function serviceMetrics() {
  for (const path of services) await import(new URL(`../apps/${path}`, import.meta.url).href);
  const own = declared();
  collectDefaultMetrics();
  const process = declared().filter(({ name }) => !own.some((metric) => metric.name === name));
  return { own, process };
}

function declared() {
  return register
    .getMetricsAsArray()
    .map(({ name, help, labelNames, constructor }) => ({
      name,
      help,
      labels: [...labelNames],
      type: typeOf(constructor),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function typeOf({ name }) {
  return name.toLowerCase();
}
