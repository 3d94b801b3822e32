import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import type { PackLimits } from '@reunite/git-objects';
import { LRUCache } from 'lru-cache';
import type { ContentStore, RepositoryObjects } from './content-store.js';
import { InvalidRepositoryIdError } from './invalid-repository-id.error.js';
import { LocalCopies } from './local-copies.js';
import type { LocalCopySettings } from './local-copies.js';
import { createObjectCache } from './object-cache.js';
import type { ObjectCache } from './object-cache.js';
import { PackedRepository } from './packed-repository.js';

export interface ContentStoreOptions {
  /** Memory for recently used objects of all repositories, in bytes. Default: 32 MiB. */
  readonly cacheBytes?: number;
  /** Limits of packs that are ingested. Defaults: see `PackLimits`. */
  readonly packLimits?: Partial<PackLimits>;
  /** Needed for `withLocalCopy` if the store is a bucket. */
  readonly localCopies?: LocalCopySettings;
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
  return new PackedContentStore(new URL(url), options);
}

class PackedContentStore implements ContentStore {
  private readonly opened = new LRUCache<string, PackedRepository>({ max: MAX_REPOSITORIES });
  private readonly storage: BlobStorage;
  private readonly cache: ObjectCache;
  private readonly localCopies: LocalCopies | null;
  private readonly packLimits: Partial<PackLimits>;

  constructor(
    private readonly url: URL,
    { cacheBytes = DEFAULT_CACHE_BYTES, localCopies, packLimits = {} }: ContentStoreOptions,
  ) {
    this.storage = openBlobStorage(url);
    this.cache = createObjectCache(cacheBytes);
    this.packLimits = packLimits;
    this.localCopies = localCopies ? new LocalCopies(this.storage, localCopies) : null;
  }

  repository(repositoryId: string): RepositoryObjects {
    assertRepositoryId(repositoryId);
    const existing = this.opened.get(repositoryId);
    if (existing) return existing;
    const repository = new PackedRepository(this.storage, repositoryId, this.cache, this.packLimits);
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

  async withLocalCopy<Result>(repositoryId: string, work: (url: string) => Promise<Result>): Promise<Result> {
    assertRepositoryId(repositoryId);
    if (this.url.protocol === 'file:') return work(this.url.href);
    if (!this.localCopies) throw new TypeError('The content store was opened without a folder for local copies.');
    return this.localCopies.use(repositoryId, work);
  }

  async close(): Promise<void> {
    this.opened.clear();
    await this.localCopies?.close();
    await this.storage.close();
  }
}

function assertRepositoryId(repositoryId: string): void {
  if (!REPOSITORY_ID.test(repositoryId)) throw new InvalidRepositoryIdError(repositoryId);
}
