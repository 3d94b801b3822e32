export * from './vault-client.js';
export * from './vault-service.js';
export * from './vault.error.js';
