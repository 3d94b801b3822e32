import { lsRefsRequest, parseLsRefs } from '@reunite/git-objects';
import type { RemoteRef } from '@reunite/git-objects';

/** The refs that a server listed. */
export interface ListedRefs {
  /** The response to `ls-refs`. */
  readonly body: Buffer;
  /**
   * Resolves to false if the name under which the refs were listed no longer belonged to the repository: they may be
   * those of another one, and have to be listed again. Use neither the refs nor content that they lead to before.
   */
  readonly confirmed: Promise<boolean>;
}

/** A repository on its server, in git's protocol v2. Each request is one stateless POST to `git-upload-pack`. */
export interface RemoteGit {
  listRefs(request: Buffer): Promise<ListedRefs>;
  /**
   * Passes the response to `read` while it arrives. Calls `read` again if the request has to be repeated.
   */
  fetch<T>(request: Buffer, read: (response: AsyncIterable<Buffer>) => Promise<T>): Promise<T>;
}

/** Lists the server's refs that begin with `prefix`. */
export async function listRefs(remote: RemoteGit, prefix: string): Promise<RemoteRef[]> {
  for (;;) {
    const { refs, confirmed } = await listUnconfirmedRefs(remote, prefix);
    if (await confirmed) return refs;
  }
}

/** Lists the server's refs that begin with `prefix`, see {@link ListedRefs.confirmed}. */
export async function listUnconfirmedRefs(
  remote: RemoteGit,
  prefix: string,
): Promise<{ refs: RemoteRef[]; confirmed: Promise<boolean> }> {
  const { body, confirmed } = await remote.listRefs(
    lsRefsRequest({ refPrefixes: [prefix], symrefs: false, peel: false }),
  );
  return { refs: parseLsRefs(body), confirmed };
}
