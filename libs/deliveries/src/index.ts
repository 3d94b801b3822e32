export { isRejectedValue } from './database-errors.rules.js';
export {
  claimOverdueRecoveries,
  insertRecovered,
  logPosition,
  missedDeliveries,
  recordLogPage,
  recordLost,
  recordRecoveryRun,
  recordRequest,
  settleArrived,
} from './delivery-recovery.js';
export type { LogPosition, MissedDelivery } from './delivery-recovery.js';
export { DeliveryEntity, deliveryState } from './delivery.entity.js';
export { DeliveryRepository } from './delivery.repository.js';
export type { PendingDelivery, ReceivedDelivery } from './delivery.repository.js';
export {
  carryOverDeliveries,
  createDeliveryPartitions,
  deleteOldDeliveries,
  overdueShards,
} from './delivery-retention.js';
export { Inbox } from './inbox.js';
export { deliveryKey, shardOf } from './inbox-rows.rules.js';
export type { NewDelivery } from './inbox-rows.rules.js';
export { parseDelivery } from './parse-delivery.rules.js';
export type { ParsedDelivery } from './parse-delivery.rules.js';
export { hasRecentDelivery } from './recent-delivery.js';
export { isSignature, verifySignature } from './signature.rules.js';
