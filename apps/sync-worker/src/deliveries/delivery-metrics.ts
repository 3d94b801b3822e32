import { Counter } from 'prom-client';

export const missedTotal = new Counter({
  name: 'webhook_deliveries_missed_total',
  help: "Deliveries in a server's log that were not in the inbox",
});

export const recoveredTotal = new Counter({
  name: 'webhook_deliveries_recovered_total',
  help: 'Missed deliveries that arrived later, by way: redelivery, or payload read from the log of the server',
  labelNames: ['way'] as const,
});

export const processedTotal = new Counter({
  name: 'webhook_deliveries_processed_total',
  help: 'Deliveries that were processed, by event and outcome: processed, ignored (the event is not used), failed',
  labelNames: ['event', 'outcome'] as const,
});
