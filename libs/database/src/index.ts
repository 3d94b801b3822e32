export { bridgeMigrations } from './bridge-migrations.js';
export { createDataSource, migrate } from './data-source.js';
export type { DataSourceSettings } from './data-source.js';
export { LiveEventListener, publishLiveEvent } from './live-events.js';
export type { LiveEventHandlers, OrganizationEvent } from './live-events.js';
export { databaseRoles, provisionDatabase } from './provision.js';
export type { DatabaseRole } from './provision.js';
export { UserActions } from './user-actions.js';
