export type { ContentStore, IngestedSnapshot, IngestOptions, RepositoryObjects } from './content-store.js';
export * from './corrupt-object.error.js';
export * from './incomplete-snapshot.error.js';
export * from './invalid-repository-id.error.js';
export * from './object-not-found.error.js';
export * from './open-content-store.js';
export * from './store-busy.error.js';
export * from './unsupported-content-url.error.js';
