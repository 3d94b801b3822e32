export {
  appManifest,
  connectionCallbackUrl,
  existingAppSettings,
  neededEvents,
  neededPermissions,
  requiredPermissions,
  signInCallbackUrl,
  webhookUrls,
} from './app-manifest.rules.js';
export { claimOverdueConnections, claimRefresh, recordRefresh } from './connection-refresh.js';
export { ConnectionEntity } from './connection.entity.js';
export { otherConnectionsOfApp } from './connections-of-app.js';
export { changesTokens, markBroken, mirrorApp, reachesRepositories } from './installation-mirror.js';
export type { AppState } from './installation-mirror.js';
export { waitingForApproval } from './installation-requests.rules.js';
export { InstallationEntity } from './installation.entity.js';
export { isNotGranted } from './not-granted.rules.js';
export { identityMismatch } from './same-server.rules.js';
export {
  certificateProbe,
  clockProbe,
  deliveryLagProbe,
  eventsProbe,
  installationsProbe,
  permissionsProbe,
  probe,
  rulesetsProbe,
  webhookContentProbe,
  webhookDeliveriesProbe,
  webhookPingProbe,
  webhookUrlProbe,
} from './self-test/probe.rules.js';
export type { PublishedBranch } from './self-test/probe.rules.js';
export { SelfTestEntity } from './self-test/self-test.entity.js';
export { canRepeatSelfTest, overdueSelfTests, storeSelfTest } from './self-test/self-tests.js';
export type { ServerFacts } from './self-test/self-tests.js';
export { webhookWarning } from './self-test/webhook-warning.rules.js';
export { connectionsOfApps, existingConnectionIds } from './webhook-connections.js';
export type { AppConnection } from './webhook-connections.js';
export { ConnectionUsageEntity } from './usage/connection-usage.entity.js';
export { storeUsage } from './usage/connection-usage.js';
export type { ConnectionUsage } from './usage/connection-usage.js';
