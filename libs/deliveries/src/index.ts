export { DeliveryEntity, deliveryState } from './delivery.entity.js';
export { DeliveryRepository } from './delivery.repository.js';
export { Inbox } from './inbox.js';
export type { Accepted } from './inbox.js';
export type { NewDelivery } from './inbox-sql.rules.js';
export { deleteOldDeliveries, overdueDeliveries } from './overdue-deliveries.js';
export { parseDelivery } from './parse-delivery.rules.js';
export type { ParsedDelivery } from './parse-delivery.rules.js';
export { isSignature, verifySignature } from './signature.rules.js';
