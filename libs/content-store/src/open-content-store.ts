import { fileURLToPath } from 'node:url';
import type { ContentStore, RepositoryObjects } from './content-store.js';
import { FolderStorage } from './folder-storage.js';
import { InvalidRepositoryIdError } from './invalid-repository-id.error.js';
import { ObjectCache } from './object-cache.js';
import type { PackStorage } from './pack-storage.js';
import { PackedRepository } from './packed-repository.js';
import { UnsupportedContentUrlError } from './unsupported-content-url.error.js';

export interface ContentStoreOptions {
  /** Memory for objects used lately, in bytes, for all repositories together; default 32 MiB. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 32 * 1024 * 1024;
/** Repositories whose index is kept in memory. */
const MAX_REPOSITORIES = 100;
const REPOSITORY_ID = /^[a-z0-9_]{1,100}$/;

/**
 * Opens the content store at an address: `file:///absolute/folder`, made when something is first written to it.
 *
 * @throws UnsupportedContentUrlError for another kind of address.
 */
export function openContentStore(url: string | URL, options: ContentStoreOptions = {}): ContentStore {
  const { protocol } = new URL(url);
  if (protocol !== 'file:') throw new UnsupportedContentUrlError(protocol);
  return new PackedContentStore(new FolderStorage(fileURLToPath(url)), options.cacheBytes ?? DEFAULT_CACHE_BYTES);
}

class PackedContentStore implements ContentStore {
  private readonly opened = new Map<string, PackedRepository>();
  private readonly cache: ObjectCache;

  constructor(
    private readonly storage: PackStorage,
    cacheBytes: number,
  ) {
    this.cache = new ObjectCache(cacheBytes);
  }

  repository(repositoryId: string): RepositoryObjects {
    assertRepositoryId(repositoryId);
    const repository = this.opened.get(repositoryId) ?? new PackedRepository(this.storage, repositoryId, this.cache);
    this.opened.delete(repositoryId);
    this.opened.set(repositoryId, repository); // last in the map is the one used last
    const [oldest] = this.opened.keys();
    if (oldest !== undefined && this.opened.size > MAX_REPOSITORIES) this.opened.delete(oldest);
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
