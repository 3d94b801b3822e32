import { Counter } from 'prom-client';

export const deliveriesTotal = new Counter({
  name: 'webhook_deliveries_total',
  help: 'Webhook requests by what became of them: accepted, duplicate, or the code of the refusal',
  labelNames: ['outcome'] as const,
});

export const sweptTotal = new Counter({
  name: 'webhook_deliveries_swept_total',
  help: 'Accepted deliveries that the sweep enqueued, because they had not reached the queue or it had lost them',
});
