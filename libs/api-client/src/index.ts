export { createApiClient } from './client.js';
export type { ApiClient, ApiClientOptions } from './client.js';
export type { components, operations, paths } from './generated/api.js';
