import type { Project } from '@reunite/contracts';
import { Commit } from '../../components/commit.js';
import { TimeAgo } from '../../components/time-ago.js';

/** Which commit of the production branch is here, and since when. */
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
