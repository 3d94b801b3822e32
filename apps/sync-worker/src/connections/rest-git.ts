import {
  getBlob,
  getCommitObject,
  getRef,
  getTree,
  GhesConflictError,
  GhesNotFoundError,
  listBranches,
} from '@reunite/ghes-client';
import type { GhesClient, RepositoryName } from '@reunite/ghes-client';
import {
  EMPTY_TREE_ID,
  hashObject,
  LimitExceededError,
  MalformedObjectError,
  PackWriter,
  parseCommit,
  RemoteGitError,
  serializeTree,
} from '@reunite/git-objects';
import type { GitObject, TreeEntry } from '@reunite/git-objects';
import { branchRef } from '@reunite/repositories';
import type { ListedRefs, RemoteGit, WantedSnapshot } from '@reunite/repositories';
import { rebuildCommit } from './rebuilt-commit.rules.js';

/** Limits of one sync over REST. */
export interface RestLimits {
  readonly requests: number;
  /** Bytes of files. */
  readonly bytes: number;
}

export interface RestGitOptions {
  /** Bound to the repository, with `contents: read`. */
  readonly client: GhesClient;
  readonly name: RepositoryName;
  readonly limits: RestLimits;
  /** Rejects if the repository is out of reach. */
  readonly locate: () => Promise<unknown>;
}

const CONCURRENT_BLOBS = 8;
/** Trees are in memory until their blobs are fetched. */
const MAX_TREE_BYTES = 64 * 1024 ** 2;

/**
 * A repository over the REST API. Commit and trees are rebuilt from JSON and hashed, so that a snapshot is used only if
 * its content is what the commit's id names. Takes one request per file, therefore only for servers that block Git over
 * HTTP.
 */
export class RestGit implements Pick<RemoteGit, 'listRefs' | 'fetchSnapshot'> {
  constructor(private readonly options: RestGitOptions) {}

  async listRefs(prefix: string): Promise<ListedRefs> {
    const { client, name } = this.options;
    // Requests go to the repository's id, so that the answer is never that of another repository.
    const confirmed = Promise.resolve(true);
    if (prefix !== branchRef('')) {
      const id = await this.headOf(prefix);
      return { refs: id === null ? [] : [{ name: prefix, id }], confirmed };
    }
    const refs = [];
    for await (const branch of listBranches(client, name))
      refs.push({ name: branchRef(branch.name), id: branch.commit.sha });
    return { refs, confirmed };
  }

  async fetchSnapshot<T>(wanted: WantedSnapshot, read: (pack: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    const { client, name, limits } = this.options;
    return read(new RestSnapshot(client, name, limits, wanted).pack());
  }

  private async headOf(refName: string): Promise<string | null> {
    const { client, name, locate } = this.options;
    try {
      return (await getRef(client, { ...name, ref: refName.replace(/^refs\//, '') })).object.sha;
    } catch (error) {
      // 409: the repository is empty.
      if (!(error instanceof GhesNotFoundError) && !(error instanceof GhesConflictError)) throw error;
      await locate();
      return null;
    }
  }
}

/** Fetches one snapshot. */
class RestSnapshot {
  private requests = 0;
  private bytes = 0;
  private treeBytes = 0;
  private readonly trees = new Map<string, Buffer>();
  private readonly blobs = new Set<string>();

  constructor(
    private readonly client: GhesClient,
    private readonly name: RepositoryName,
    private readonly limits: RestLimits,
    private readonly wanted: WantedSnapshot,
  ) {}

  /** The objects that are not stored, whole. */
  async *pack(): AsyncGenerator<Buffer> {
    const commit = await this.fetchCommit();
    await this.fetchTrees(parseCommit(commit).tree);
    const writer = new PackWriter();
    yield writer.begin(1 + this.trees.size + this.blobs.size);
    yield writer.whole({ type: 'commit', body: commit });
    for (const body of this.trees.values()) yield writer.whole({ type: 'tree', body });
    for await (const blob of this.fetchBlobs()) yield writer.whole(blob);
    yield writer.end();
  }

  private async fetchCommit(): Promise<Buffer> {
    const { commit: sha } = this.wanted;
    this.countRequests(1);
    try {
      const body = rebuildCommit(sha, await getCommitObject(this.client, { ...this.name, sha }));
      if (body) return body;
    } catch (error) {
      if (!(error instanceof GhesNotFoundError)) throw error;
      throw new RemoteGitError('remote-object-missing', `The server no longer has the commit ${sha}.`);
    }
    throw new MalformedObjectError(
      `Commit ${sha} does not match what the REST API returns for it, maybe because of its encoding. Allow Git over HTTP for this server.`,
    );
  }

  private async fetchTrees(root: string): Promise<void> {
    // A first fetch needs every tree. A later one needs the changed trees, which are few.
    const recursive = this.wanted.have.length === 0;
    const pending = [root];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (id === EMPTY_TREE_ID || this.trees.has(id) || (await this.wanted.isStored(id))) continue;
      for (const folder of await this.listFolders(id, recursive)) {
        for (const { mode, id: entryId } of folder.entries) {
          if (mode === '040000') pending.push(entryId);
          else if (mode !== '160000') await this.wantBlob(entryId);
        }
        this.addTree(folder);
      }
    }
  }

  /** Lists a tree, and those below it if the server lists all of them. */
  private async listFolders(id: string, recursive: boolean): Promise<Folder[]> {
    this.countRequests(1);
    const listing = await getTree(this.client, { ...this.name, sha: id, recursive });
    if (listing.truncated) {
      if (recursive) return this.listFolders(id, false);
      const message = `The server lists only a part of folder ${id}. Split the folder, or allow Git over HTTP.`;
      throw new LimitExceededError('too-many-entries', listing.tree.length, message);
    }
    const folders = new Map<string, Folder>([['', { id, entries: [] }]]);
    for (const { path, mode, sha } of listing.tree) {
      if (mode === '040000') folders.set(`${path}/`, { id: sha, entries: [] });
    }
    for (const { path, mode, sha } of listing.tree) {
      const slash = path.lastIndexOf('/') + 1;
      folders.get(path.slice(0, slash))?.entries.push({ mode, name: path.slice(slash), id: sha });
    }
    // Only a recursive listing has the entries of the folders in it.
    return recursive ? [...folders.values()] : [...folders.values()].slice(0, 1);
  }

  private addTree({ id, entries }: Folder): void {
    if (this.trees.has(id) || id === EMPTY_TREE_ID) return;
    const body = serializeTree(entries);
    if (hashObject('tree', body) !== id) {
      throw new MalformedObjectError(
        `The server lists other entries for folder ${id} than it has, maybe because of names that are not UTF-8. Allow Git over HTTP for this server.`,
      );
    }
    this.trees.set(id, body);
    this.treeBytes += body.length;
    if (this.treeBytes > MAX_TREE_BYTES) {
      throw new LimitExceededError(
        'too-many-entries',
        MAX_TREE_BYTES,
        `The folders are too large for a sync over REST.`,
      );
    }
  }

  private async wantBlob(id: string): Promise<void> {
    if (this.blobs.has(id) || (await this.wanted.isStored(id))) return;
    this.blobs.add(id);
    this.countRequests(1);
  }

  private async *fetchBlobs(): AsyncGenerator<GitObject> {
    const running: Promise<GitObject>[] = [];
    for (const id of this.blobs) {
      const blob = this.fetchBlob(id);
      blob.catch(() => undefined); // an earlier one may fail first
      running.push(blob);
      const next = running.length < CONCURRENT_BLOBS ? undefined : running.shift();
      if (next) yield await next;
    }
    for (const blob of running) yield await blob;
  }

  private async fetchBlob(id: string): Promise<GitObject> {
    const body = await getBlob(this.client, { ...this.name, sha: id });
    if (hashObject('blob', body) !== id) {
      throw new MalformedObjectError(`The server sent a file that does not match its object id ${id}.`);
    }
    this.bytes += body.length;
    const { bytes } = this.limits;
    if (this.bytes > bytes) {
      const message = `The changed files have more than ${bytes} bytes. Allow Git over HTTP, or raise MAX_REST_BYTES.`;
      throw new LimitExceededError('pack-too-large', bytes, message);
    }
    return { type: 'blob', body };
  }

  private countRequests(count: number): void {
    this.requests += count;
    const { requests } = this.limits;
    if (this.requests <= requests) return;
    const message = `A sync over REST needs more than ${requests} requests. Allow Git over HTTP, or raise MAX_REST_REQUESTS.`;
    throw new LimitExceededError('too-many-objects', requests, message);
  }
}

interface Folder {
  readonly id: string;
  readonly entries: TreeEntry[];
}
