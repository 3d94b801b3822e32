import { Counter } from 'prom-client';

export const deliveriesTotal = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Webhook requests by outcome: accepted, duplicate, or the code of the rejection',
  labelNames: ['outcome'] as const,
});

export const sweptTotal = new Counter({
  name: 'webhook_deliveries_swept_total',
  help: 'Accepted deliveries that the sweeper enqueued because they were in no queue',
});
