import type { Delivery } from '@reunite/contracts';

/** The state of a delivery. A processed one stays processed, whatever failed before. */
export function deliveryState(delivery: { processedAt: Date | null; failedAt: Date | null }): Delivery['state'] {
  if (delivery.processedAt) return 'processed';
  return delivery.failedAt ? 'failed' : 'received';
}
