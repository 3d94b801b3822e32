import { fileURLToPath } from 'node:url';
import type { BlobStorage } from './blob-storage.js';
import { FolderStorage } from './folder-storage.js';
import { parseS3Url } from './s3-location.js';
import { S3Storage } from './s3-storage.js';
import { UnsupportedStorageUrlError } from './unsupported-storage-url.error.js';

/**
 * Opens the storage at `file:///absolute/folder`, which the first write creates, or at `s3://bucket/prefix`.
 *
 * @throws UnsupportedStorageUrlError for another scheme, or an invalid option
 */
export function openBlobStorage(url: string | URL): BlobStorage {
  const { protocol } = new URL(url);
  if (protocol === 'file:') return new FolderStorage(fileURLToPath(url));
  if (protocol === 's3:') return new S3Storage(parseS3Url(url));
  throw new UnsupportedStorageUrlError(`The scheme "${protocol}" is not supported.`);
}
