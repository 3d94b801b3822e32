export { CorruptObjectError } from './corrupt-object.error.js';
export type { CollectedContent, ContentStore, IngestProgress, RepositoryObjects } from './content-store.js';
export { IncompleteSnapshotError } from './incomplete-snapshot.error.js';
export { openContentStore } from './open-content-store.js';
