export { isRejectedValue } from './database-errors.rules.js';
export {
  claimOverdueRecoveries,
  insertRecovered,
  isRecoveryFull,
  LOST_DAYS,
  logPosition,
  MAX_MISSED,
  missedDeliveries,
  recordLogPage,
  recordLost,
  recordRecoveryRun,
  recordRequest,
  recoveryState,
  settleArrived,
} from './delivery-recovery.js';
export type { LogPosition, MissedDelivery } from './delivery-recovery.js';
export { DeliveryLog } from './delivery-log.js';
export { DeliveryEntity, deliveryState } from './delivery.entity.js';
export { DeliveryRepository } from './delivery.repository.js';
export type { PendingDelivery, ReceivedDelivery } from './delivery.repository.js';
export {
  carryOverDeliveries,
  createDeliveryPartitions,
  deleteOldDeliveries,
  limitDeliverySize,
  overdueShards,
} from './delivery-retention.js';
export { Inbox } from './inbox.js';
export { deliveryKey, shardOf } from './inbox-rows.rules.js';
export type { NewDelivery } from './inbox-rows.rules.js';
export { watchInbox } from './inbox-metrics.js';
export { eventLabel, parseDelivery } from './parse-delivery.rules.js';
export type { ParsedDelivery } from './parse-delivery.rules.js';
export { hasRecentDelivery } from './recent-delivery.js';
export { readablePayload } from './redact-payload.rules.js';
export { isSignature, verifySignature } from './signature.rules.js';
