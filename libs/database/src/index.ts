export { ActivityLog, deleteOldActivity } from './activity-log.js';
export type { ActivityRecord } from './activity-log.js';
export { bridgeMigrations } from './bridge-migrations.js';
export { createDataSource, migrate } from './data-source.js';
export type { DataSourceSettings } from './data-source.js';
export { EndedSessions } from './ended-sessions.js';
export {
  bridgeDependencies,
  databaseReadiness,
  migrationReadiness,
  schemaDependencies,
  SchemaOutdatedError,
} from './database-readiness.js';
export {
  claimIdempotencyKey,
  deleteOldIdempotencyKeys,
  readIdempotentRequest,
  releaseIdempotencyKey,
  storeIdempotentResponse,
} from './idempotency-keys.js';
export type { IdempotencyKey } from './idempotency-keys.js';
export { LiveEventListener, publishLiveEvent, publishLiveEvents } from './live-events.js';
export type { OrganizationEvent } from './live-events.js';
export { watchPool } from './pool-metrics.js';
export { databaseRoles, provisionDatabase } from './provision.js';
export type { DatabaseRole } from './provision.js';
export { assertQuota } from './quota.js';
export { bridgeRights, grantQueueRights, migrateBridge } from './service-rights.js';
export type { ServiceRole } from './service-rights.js';
export { UserActions } from './user-actions.js';
