export * from './app-manifest.rules.js';
export * from './connection.entity.js';
export * from './installation.entity.js';
export { connectionsOfApps, existingConnectionIds } from './webhook-connections.js';
export type { AppConnection } from './webhook-connections.js';
