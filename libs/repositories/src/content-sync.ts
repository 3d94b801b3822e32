import type { RepositoryObjects } from '@reunite/content-store';
import { IncompleteSnapshotError } from '@reunite/content-store';
import { MissingDeltaBaseError, RemoteGitError } from '@reunite/git-objects';
import type { SyncOutcome, SyncProgress } from './desired-state.js';
import type { RemoteGit } from './remote-git.js';

/** The ref to sync, and the commit to sync it to. */
export interface SyncRequest {
  readonly refName: string;
  /** null for the server's current commit. */
  readonly desiredCommit: string | null;
  /** Commits whose snapshots may be stored: the fetch only transfers what they lack. */
  readonly have: readonly string[];
  /** Called while the content arrives, for each object. */
  readonly onProgress?: (progress: SyncProgress) => void;
}

/** Limits how often the ref is resolved again, because it can move between the answer and the fetch. */
const MAX_RESOLVES = 3;

/**
 * Stores the snapshot of a ref's commit, transferring only what the stored snapshots lack. If the commit no longer exists after a force-push, the ref is resolved again on the server. The fetch does not wait for
 * the confirmation that the refs are those of the repository, but nothing is published before.
 */
export async function syncContent(
  remote: RemoteGit,
  objects: RepositoryObjects,
  { refName, desiredCommit, have, onProgress = () => undefined }: SyncRequest,
): Promise<SyncOutcome> {
  let head: Head = { commit: desiredCommit, confirm: () => Promise.resolve() };
  for (let resolves = 0; ; resolves += 1) {
    try {
      if (head.commit === null) head = await headOf(remote, refName);
      const outcome: SyncOutcome =
        head.commit === null
          ? { kind: 'deleted' }
          : await storeSnapshot({ remote, objects, have, onProgress, ...head }, head.commit);
      await head.confirm();
      return outcome;
    } catch (error) {
      const isMissing = error instanceof RemoteGitError && error.code === 'remote-object-missing';
      if (!(error instanceof UnconfirmedRefsError) && (!isMissing || resolves >= MAX_RESOLVES)) throw error;
      head = { commit: null, confirm: head.confirm };
    }
  }
}

/** The commit of a ref. */
interface Head {
  readonly commit: string | null;
  /** @throws UnconfirmedRefsError */
  readonly confirm: () => Promise<void>;
}

/** The repository was renamed while its refs were listed. The remote limits how often that happens. */
class UnconfirmedRefsError extends Error {}

async function headOf(remote: RemoteGit, refName: string): Promise<Head> {
  const { refs, confirmed } = await remote.listRefs(refName);
  // The prefix also matches refs whose names continue after it.
  const commit = refs.find(({ name }) => name === refName)?.id ?? null;
  const confirm = async () => {
    if (!(await confirmed)) throw new UnconfirmedRefsError('The refs may be those of another repository.');
  };
  return { commit, confirm };
}

interface SnapshotSource {
  readonly remote: RemoteGit;
  readonly objects: RepositoryObjects;
  readonly have: readonly string[];
  readonly onProgress: (progress: SyncProgress) => void;
  readonly confirm: () => Promise<void>;
}

async function storeSnapshot(source: SnapshotSource, commit: string): Promise<SyncOutcome> {
  const { objects, have } = source;
  if (await objects.hasSnapshot(commit)) {
    return { kind: 'synced', commit, tree: (await objects.readCommit(commit)).tree };
  }
  const stored: string[] = [];
  for (const candidate of new Set(have)) if (await objects.hasSnapshot(candidate)) stored.push(candidate);
  try {
    return await fetchSnapshot(source, commit, stored);
  } catch (error) {
    // The store lost the base of a delta: fetching the whole snapshot repairs it.
    const isRepairable = error instanceof IncompleteSnapshotError || error instanceof MissingDeltaBaseError;
    if (!isRepairable || stored.length === 0) throw error;
    return fetchSnapshot(source, commit, []);
  }
}

async function fetchSnapshot(
  { remote, objects, confirm, onProgress }: SnapshotSource,
  commit: string,
  stored: readonly string[],
): Promise<SyncOutcome> {
  const isStored = (id: string) => (stored.length === 0 ? Promise.resolve(false) : objects.has(id));
  const { tree } = await remote.fetchSnapshot({ commit, have: stored, isStored }, (pack) =>
    objects.ingestPack(pack, { commit, confirm, onProgress }),
  );
  return { kind: 'synced', commit, tree };
}
