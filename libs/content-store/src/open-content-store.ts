import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import { LRUCache } from 'lru-cache';
import type { ContentStore, RepositoryObjects } from './content-store.js';
import { InvalidRepositoryIdError } from './invalid-repository-id.error.js';
import { createObjectCache } from './object-cache.js';
import type { ObjectCache } from './object-cache.js';
import { PackedRepository } from './packed-repository.js';

export interface ContentStoreOptions {
  /** Memory for recently used objects of all repositories, in bytes. Default: 32 MiB. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 32 * 1024 * 1024;
/** Repositories whose index stays in memory. */
const MAX_REPOSITORIES = 100;
const REPOSITORY_ID = /^[a-z0-9_]{1,100}$/;

/**
 * Opens the content store at `file:///absolute/folder`, which the first write creates, or at `s3://bucket/prefix`.
 *
 * @throws UnsupportedStorageUrlError for another scheme, or an invalid option
 */
export function openContentStore(url: string | URL, options: ContentStoreOptions = {}): ContentStore {
  return new PackedContentStore(openBlobStorage(url), options.cacheBytes ?? DEFAULT_CACHE_BYTES);
}

class PackedContentStore implements ContentStore {
  private readonly opened = new LRUCache<string, PackedRepository>({ max: MAX_REPOSITORIES });
  private readonly cache: ObjectCache;

  constructor(
    private readonly storage: BlobStorage,
    cacheBytes: number,
  ) {
    this.cache = createObjectCache(cacheBytes);
  }

  repository(repositoryId: string): RepositoryObjects {
    assertRepositoryId(repositoryId);
    const existing = this.opened.get(repositoryId);
    if (existing) return existing;
    const repository = new PackedRepository(this.storage, repositoryId, this.cache);
    this.opened.set(repositoryId, repository);
    return repository;
  }

  async removeRepository(repositoryId: string): Promise<void> {
    assertRepositoryId(repositoryId);
    this.opened.delete(repositoryId);
    await this.storage.removeFolder(repositoryId);
  }

  async repositories(): Promise<string[]> {
    return (await this.storage.folders()).filter((name) => REPOSITORY_ID.test(name));
  }

  removeLeftovers(before: Date): Promise<void> {
    return this.storage.removeLeftovers(before);
  }

  async close(): Promise<void> {
    this.opened.clear();
    await this.storage.close();
  }
}

function assertRepositoryId(repositoryId: string): void {
  if (!REPOSITORY_ID.test(repositoryId)) throw new InvalidRepositoryIdError(repositoryId);
}
