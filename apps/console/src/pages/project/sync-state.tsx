import type { Project } from '@reunite/contracts';
import { Commit } from '../../components/commit.js';
import { TimeAgo } from '../../components/time-ago.js';

/** The synced commit of the production branch and the time of the sync. */
export function SyncState({ sync }: { readonly sync: Project['sync'] }) {
  if (sync.commit === null) return null;
  return (
    <>
      {' '}
      · at <Commit id={sync.commit} />
      {sync.syncedAt !== null && (
        <>
          {', synced '}
          <TimeAgo at={sync.syncedAt} />
        </>
      )}
    </>
  );
}
