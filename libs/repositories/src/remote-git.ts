import { fetchRequest, lsRefsRequest, parseLsRefs, readPackfile } from '@reunite/git-objects';
import type { RemoteRef } from '@reunite/git-objects';

/** The refs that a server listed. */
export interface ListedRefs {
  readonly refs: readonly RemoteRef[];
  /**
   * Resolves to false if the name under which the refs were listed no longer belonged to the repository: they may be
   * those of another one, and have to be listed again. Use neither the refs nor content that they lead to before.
   */
  readonly confirmed: Promise<boolean>;
}

/** The transport of fetched content, and the reason if it is not `git`. */
export interface FetchTransport {
  readonly transport: 'git' | 'rest';
  readonly reason: string | null;
}

export const GIT_TRANSPORT: FetchTransport = { transport: 'git', reason: null };

export interface WantedSnapshot {
  readonly commit: string;
  /** Commits with complete snapshots in the store; empty for a first fetch, and for one that repairs the store. */
  readonly have: readonly string[];
  /** True if an object does not have to be fetched. Always false if `have` is empty. */
  readonly isStored: (id: string) => Promise<boolean>;
}

/** A repository on its server. */
export interface RemoteGit {
  /** The transport of the last successful request. */
  readonly transport: FetchTransport;
  /** @param prefix `refs/heads/` for all branches, or the full name of a ref; others may be listed too */
  listRefs(prefix: string): Promise<ListedRefs>;
  /**
   * Passes a pack to `read` while it arrives. The pack has the commit, and the objects of its snapshot that are not
   * stored. Calls `read` again if the request has to be repeated.
   *
   * @throws RemoteGitError `remote-object-missing` if the server no longer has the commit
   */
  fetchSnapshot<T>(wanted: WantedSnapshot, read: (pack: AsyncIterable<Buffer>) => Promise<T>): Promise<T>;
}

/** Sends requests of git's protocol v2. Each is one stateless POST to `git-upload-pack`. */
export interface UploadPackRequests {
  /** @returns the response to `ls-refs`, confirmed as {@link ListedRefs.confirmed} */
  listRefs(request: Buffer): Promise<{ readonly body: Buffer; readonly confirmed: Promise<boolean> }>;
  /** Passes the response to `read` while it arrives. Calls `read` again if the request has to be repeated. */
  fetch<T>(request: Buffer, read: (response: AsyncIterable<Buffer>) => Promise<T>): Promise<T>;
}

/** A repository in git's protocol v2. */
export class ProtocolV2Git implements RemoteGit {
  readonly transport = GIT_TRANSPORT;

  constructor(private readonly requests: UploadPackRequests) {}

  async listRefs(prefix: string): Promise<ListedRefs> {
    const request = lsRefsRequest({ refPrefixes: [prefix], symrefs: false, peel: false });
    const { body, confirmed } = await this.requests.listRefs(request);
    return { refs: parseLsRefs(body), confirmed };
  }

  fetchSnapshot<T>({ commit, have }: WantedSnapshot, read: (pack: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    const request = fetchRequest({ wants: [commit], haves: have, shallow: have, depth: 1 });
    return this.requests.fetch(request, (response) => read(readPackfile(response)));
  }
}

/** Lists the server's refs that begin with `prefix`, see {@link RemoteGit.listRefs}. */
export async function listRefs(remote: RemoteGit, prefix: string): Promise<readonly RemoteRef[]> {
  for (;;) {
    const { refs, confirmed } = await remote.listRefs(prefix);
    if (await confirmed) return refs;
  }
}
