import type { RepositoryObjects } from '@reunite/content-store';
import { IncompleteSnapshotError } from '@reunite/content-store';
import {
  fetchRequest,
  lsRefsRequest,
  MissingDeltaBaseError,
  parseFetchResponse,
  parseLsRefs,
  RemoteGitError,
} from '@reunite/git-objects';
import type { RemoteRef } from '@reunite/git-objects';
import type { SyncOutcome } from './wanted-state.js';

/** One stateless POST to the repository's `git-upload-pack`. */
export type UploadPack = (body: Buffer) => Promise<Buffer>;

export interface SyncRequest {
  readonly refName: string;
  /** null: whatever the server says. */
  readonly wantedCommit: string | null;
  /** Commits whose snapshots may be held: the new one is fetched as a difference to them. */
  readonly have: readonly string[];
}

/**
 * Brings the snapshot of a ref's head into the store: one protocol v2 POST with what is held already, and the answer is
 * what changed. What is wanted may be gone by now (a force-push): then the server is asked where the ref stands.
 */
export async function syncContent(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  request: SyncRequest,
): Promise<SyncOutcome> {
  if (request.wantedCommit !== null) {
    try {
      return await bring(uploadPack, objects, request.wantedCommit, request.have);
    } catch (error) {
      if (!(error instanceof RemoteGitError && error.code === 'remote_object_missing')) throw error;
    }
  }
  const head = (await listRefs(uploadPack, request.refName)).find(({ name }) => name === request.refName);
  if (!head?.id) return { kind: 'deleted' };
  return bring(uploadPack, objects, head.id, request.have);
}

/** The server's refs that begin with `prefix`, in one POST. */
export async function listRefs(uploadPack: UploadPack, prefix: string): Promise<RemoteRef[]> {
  const body = lsRefsRequest({ refPrefixes: [prefix], symrefs: false, peel: false });
  return parseLsRefs(await uploadPack(body));
}

async function bring(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  commit: string,
  have: readonly string[],
): Promise<SyncOutcome> {
  if (await objects.hasSnapshot(commit)) {
    return { kind: 'synced', commit, tree: (await objects.readCommit(commit)).tree };
  }
  const held: string[] = [];
  for (const candidate of new Set(have)) if (await objects.hasSnapshot(candidate)) held.push(candidate);
  try {
    return await fetchSnapshot(uploadPack, objects, commit, held);
  } catch (error) {
    // The store lost what the difference was made against: the whole snapshot mends it.
    const mendable = error instanceof IncompleteSnapshotError || error instanceof MissingDeltaBaseError;
    if (!mendable || held.length === 0) throw error;
    return fetchSnapshot(uploadPack, objects, commit, []);
  }
}

async function fetchSnapshot(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  commit: string,
  held: readonly string[],
): Promise<SyncOutcome> {
  const body = fetchRequest({ wants: [commit], haves: held, shallow: held, depth: 1 });
  const { pack } = parseFetchResponse(await uploadPack(body));
  const { tree } = await objects.ingestPack(pack, { commit });
  return { kind: 'synced', commit, tree };
}
