export { createVaultClient } from './vault-client.js';
export type { ManagingVaultClient, VaultClient } from './vault-client.js';
export { CODE_TRAILER, RETRYABLE_TRAILER, vaultServiceDefinition, VIOLATIONS_TRAILER } from './vault-service.js';
export { VaultError } from './vault.error.js';
