export { appManifest, existingAppSettings, requiredPermissions, signInCallbackUrl } from './app-manifest.rules.js';
export { ConnectionEntity } from './connection.entity.js';
export { changesTokens, markBroken, mirrorApp } from './installation-mirror.js';
export { InstallationEntity } from './installation.entity.js';
export { isNotGranted } from './not-granted.rules.js';
export { connectionsOfApps, existingConnectionIds } from './webhook-connections.js';
export type { AppConnection } from './webhook-connections.js';
