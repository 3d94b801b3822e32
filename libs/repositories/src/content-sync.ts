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
import type { SyncOutcome } from './desired-state.js';

/** One stateless POST to the repository's `git-upload-pack`. */
export type UploadPack = (body: Buffer, command: 'ls-refs' | 'fetch') => Promise<Buffer>;

/** The ref to sync, and the commit to sync it to. */
export interface SyncRequest {
  readonly refName: string;
  /** null for the server's current commit. */
  readonly desiredCommit: string | null;
  /** Commits whose snapshots may be stored: the fetch only transfers what they lack. */
  readonly have: readonly string[];
}

/** Limits how often the ref is resolved again, because it can move between the answer and the fetch. */
const MAX_RESOLVES = 3;

/**
 * Stores the snapshot of a ref's commit with one protocol v2 POST, which only transfers what the stored snapshots lack.
 * If the commit no longer exists after a force-push, the ref is resolved again on the server.
 */
export async function syncContent(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  { refName, desiredCommit, have }: SyncRequest,
): Promise<SyncOutcome> {
  let commit = desiredCommit;
  for (let resolves = 0; ; resolves += 1) {
    commit ??= await headOf(uploadPack, refName);
    if (commit === null) return { kind: 'deleted' };
    try {
      return await storeSnapshot(uploadPack, objects, commit, have);
    } catch (error) {
      const isMissing = error instanceof RemoteGitError && error.code === 'remote-object-missing';
      if (!isMissing || resolves === MAX_RESOLVES) throw error;
      commit = null;
    }
  }
}

async function headOf(uploadPack: UploadPack, refName: string): Promise<string | null> {
  // The prefix also matches refs whose names continue after it.
  return (await listRefs(uploadPack, refName)).find(({ name }) => name === refName)?.id ?? null;
}

/** Lists the server's refs that begin with `prefix`, in one POST. */
export async function listRefs(uploadPack: UploadPack, prefix: string): Promise<RemoteRef[]> {
  const body = lsRefsRequest({ refPrefixes: [prefix], symrefs: false, peel: false });
  return parseLsRefs(await uploadPack(body, 'ls-refs'));
}

async function storeSnapshot(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  commit: string,
  have: readonly string[],
): Promise<SyncOutcome> {
  if (await objects.hasSnapshot(commit)) {
    return { kind: 'synced', commit, tree: (await objects.readCommit(commit)).tree };
  }
  const stored: string[] = [];
  for (const candidate of new Set(have)) if (await objects.hasSnapshot(candidate)) stored.push(candidate);
  try {
    return await fetchSnapshot(uploadPack, objects, commit, stored);
  } catch (error) {
    // The store lost the base of a delta: fetching the whole snapshot repairs it.
    const isRepairable = error instanceof IncompleteSnapshotError || error instanceof MissingDeltaBaseError;
    if (!isRepairable || stored.length === 0) throw error;
    return fetchSnapshot(uploadPack, objects, commit, []);
  }
}

async function fetchSnapshot(
  uploadPack: UploadPack,
  objects: RepositoryObjects,
  commit: string,
  stored: readonly string[],
): Promise<SyncOutcome> {
  const body = fetchRequest({ wants: [commit], haves: stored, shallow: stored, depth: 1 });
  const { pack } = parseFetchResponse(await uploadPack(body, 'fetch'));
  const { tree } = await objects.ingestPack(pack, { commit });
  return { kind: 'synced', commit, tree };
}
