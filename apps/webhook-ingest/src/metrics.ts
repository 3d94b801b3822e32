import { Counter, Gauge } from 'prom-client';

export const deliveriesTotal = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Webhook requests by outcome: accepted, duplicate, or the code of the rejection',
  labelNames: ['outcome'] as const,
});

export const receivedTotal = new Counter({
  name: 'webhook_deliveries_received_total',
  help: 'Accepted deliveries by event; events that are not used count as other',
  labelNames: ['event'] as const,
});

let readBufferedBytes = () => 0;

const bufferedBytes: Gauge = new Gauge({
  name: 'webhook_buffered_bytes',
  help: 'Size of all payloads in memory, limited by MAX_BUFFERED_BYTES',
  collect: () => bufferedBytes.set(readBufferedBytes()),
});

/** Serves the size of all payloads in memory. */
export function watchBufferedBytes(read: () => number): void {
  readBufferedBytes = read;
}
