export type { BlobStorage, StoredBlob } from './blob-storage.js';
export { FolderStorage } from './folder-storage.js';
export { openBlobStorage } from './open-blob-storage.js';
