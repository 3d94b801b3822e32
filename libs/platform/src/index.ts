export {
  allowedCidrs,
  artifactSettings,
  ConfigError,
  contentSettings,
  databaseSettings,
  directDatabaseSettings,
  flag,
  grpcServerSettings,
  insecureHttp,
  list,
  logLevel,
  metricsSettings,
  port,
  positiveInteger,
  previewSettings,
  processSettings,
  queueSettings,
  queueUrl,
  readConfig,
  secret,
  secretVariable,
  serverSettings,
  tlsSettings,
  vaultClientSettings,
} from './config.js';
export {
  checkGhesLimits,
  ghesLimitSettings,
  ghesNetworkLimits,
  gitLimitSettings,
  gitNetworkLimits,
} from './ghes-limits.js';
export { HealthModule } from './health.module.js';
export { createLogger, NestLogger } from './logger.js';
export type { Logger } from './logger.js';
export { runService } from './run-service.js';
export type { RunningService } from './run-service.js';
export { observedCalls } from './observed-calls.js';
export { httpDuration, observeRequests } from './observed-requests.js';
export { Readiness } from './readiness.js';
export type { ReadinessCheck } from './readiness.js';
export { loadServiceIdentity, serviceOfCertificate } from './service-identity.js';
export type { IdentityFiles, ServiceIdentity } from './service-identity.js';
export { WatchedIdentity } from './watched-identity.js';
export { startMetricsServer } from './metrics-server.js';
export type { MetricsServer } from './metrics-server.js';
