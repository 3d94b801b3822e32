export { readAppPrivateKey, signAppJwt } from './app-jwt.js';
export type { AppJwtOptions } from './app-jwt.js';
export { createGhesClient } from './client.js';
export type { GhesClient, GhesClientOptions, GhesResponse } from './client.js';
export * from './errors/index.js';
export { gitUploadPack } from './git/git-upload-pack.js';
export type { GitUploadPackRequest } from './git/git-upload-pack.js';
export { parseCidrs } from './network/address-guard.rules.js';
export { GhesNetwork, ghesNetwork } from './network/ghes-network.js';
export type { GhesNetworkOptions } from './network/ghes-network.js';
export { defaultNetworkLimits } from './network/network-limits.js';
export type { NetworkLimits } from './network/network-limits.js';
export * from './operations/index.js';
export type { CredentialProvider, GhesAuth } from './policies/authorization.js';
export { redact } from './redact.rules.js';
export { parseServerUrl, serverAddress } from './server-address.rules.js';
export type { ServerAddress, ServerUrlOptions } from './server-address.rules.js';
export { serverReleases, versionSupport } from './server-versions.rules.js';
export type { ServerRelease, VersionSupport } from './server-versions.rules.js';
export {
  appPageUrl,
  appSettingsUrl,
  installationSettingsUrl,
  manifestFormUrl,
  newInstallationUrl,
} from './web-addresses.rules.js';
