import type { Project } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';

/** Shows why the latest sync failed, with a retry button. */
export function SyncProblem({ project }: { readonly project: Project }) {
  return (
    <Notice tone="bad" title="The content could not be synced" action={<SyncNow projectId={project.id} />}>
      {project.sync.error} {project.sync.commit !== null && 'The content below is from the last complete sync.'}
    </Notice>
  );
}

/** Requests a sync. The page updates by live events. */
export function SyncNow({ projectId }: { readonly projectId: string }) {
  const sync = useAction(() => send('post', paths.syncProject(projectId)));
  return (
    <>
      <button type="button" className="button" onClick={() => sync.run(undefined)} disabled={sync.pending}>
        Sync now
      </button>
      <FormProblem error={sync.error} violations={[]} />
    </>
  );
}
