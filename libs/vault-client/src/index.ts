export { createVaultClient } from './vault-client.js';
export type { ManagingVaultClient, VaultClient } from './vault-client.js';
export { CODE_TRAILER, RETRYABLE_TRAILER, vaultServiceDefinition } from './vault-service.js';
export { VaultError } from './vault.error.js';
