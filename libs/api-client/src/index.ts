export { createApiClient } from './client.js';
export type { ApiClient, ApiClientOptions, ApiMethod, ApiPath, ApiRequest, ApiResponse } from './client.js';
export type { components, operations, paths } from './generated/api.js';
