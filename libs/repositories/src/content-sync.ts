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
export type UploadPack = (body: Buffer, command: 'ls-refs' | 'fetch') => Promise<Buffer>;

export interface SyncRequest {
  readonly refName: string;
  /** null for the server's current commit. */
  readonly wantedCommit: string | null;
  /** Commits whose snapshots may be stored: the fetch only transfers what they lack. */
  readonly have: readonly string[];
}

/** Limits how often the ref is resolved again, because it can move between the answer and the fetch. */
const MAX_ASKED = 3;

/**
 * Stores the snapshot of a ref's commit with one protocol v2 POST, which only transfers what the stored snapshots lack. If
 * the commit no longer exists after a force-push, the ref is resolved again on the server.
 */
export async function syncContent(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  { refName, wantedCommit, have }: SyncRequest,
): Promise<SyncOutcome> {
  let wanted = wantedCommit;
  for (let asked = 0; ; asked += 1) {
    wanted ??= await headOf(uploadPack, refName);
    if (wanted === null) return { kind: 'deleted' };
    try {
      return await bring(uploadPack, objects, wanted, have);
    } catch (error) {
      const gone = error instanceof RemoteGitError && error.code === 'remote-object-missing';
      if (!gone || asked === MAX_ASKED) throw error;
      wanted = null;
    }
  }
}

async function headOf(uploadPack: UploadPack, refName: string): Promise<string | null> {
  // A prefix also finds the refs that only begin like this one.
  return (await listRefs(uploadPack, refName)).find(({ name }) => name === refName)?.id ?? null;
}

/** The server's refs that begin with `prefix`, in one POST. */
export async function listRefs(uploadPack: UploadPack, prefix: string): Promise<RemoteRef[]> {
  const body = lsRefsRequest({ refPrefixes: [prefix], symrefs: false, peel: false });
  return parseLsRefs(await uploadPack(body, 'ls-refs'));
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
  const { pack } = parseFetchResponse(await uploadPack(body, 'fetch'));
  const { tree } = await objects.ingestPack(pack, { commit });
  return { kind: 'synced', commit, tree };
}
