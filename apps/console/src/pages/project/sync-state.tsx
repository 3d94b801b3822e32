import type { Project } from '@reunite/contracts';
import { Commit } from '../../components/commit.js';
import { TimeAgo } from '../../components/time-ago.js';
import { receivedText, transportText } from '../../format/text.js';

/** The synced commit of the production branch: time and transport of the sync, and the progress of one that is running. */
export function SyncState({ sync }: { readonly sync: Project['sync'] }) {
  const received = receivedText(sync);
  const transport = transportText(sync);
  return (
    <>
      {sync.commit !== null && (
        <>
          {' '}
          · at <Commit id={sync.commit} />
        </>
      )}
      {sync.commit !== null && sync.syncedAt !== null && (
        <>
          {', synced '}
          <TimeAgo at={sync.syncedAt} />
        </>
      )}
      {received !== null && ` · ${received}`}
      {transport !== null && ` · ${transport}`}
    </>
  );
}
