import { Counter } from 'prom-client';

export const deliveriesTotal = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Webhook requests by outcome: accepted, duplicate, or the code of the rejection',
  labelNames: ['outcome'] as const,
});
