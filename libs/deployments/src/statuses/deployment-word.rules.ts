import type { CommitState, DeploymentState, DeploymentTrigger } from '@reunite/contracts';

/** What a commit's status says of a deployment. */
export interface DeploymentWord {
  readonly state: CommitState;
  readonly description: string;
}

interface Spoken {
  readonly commit: string;
  readonly state: DeploymentState;
  readonly trigger: DeploymentTrigger;
  readonly pages: number | null;
  readonly reason: string | null;
}

/**
 * What is said of a commit that a deployment is of, or that shares it.
 *
 * @returns null for one that was skipped or removed: it has nothing to say any more
 */
export function wordOf(deployment: Spoken, commit: string): DeploymentWord | null {
  const { state, trigger, pages, reason } = deployment;
  switch (state) {
    case 'queued':
    case 'in_progress':
      return { state: 'pending', description: `Waiting to be ${trigger === 'promote' ? 'promoted' : 'built'}` };
    case 'success':
      return {
        state: 'success',
        description: commit === deployment.commit ? sayPages(pages ?? 0) : sayUnchanged('no change'),
      };
    case 'failed':
    case 'timed_out':
      return { state: 'failure', description: reason ?? '' };
    case 'skipped':
    case 'removed':
      return null;
  }
}

/** What the status of a commit says that needs no build of its own. */
export function sayUnchanged(why: string): string {
  return `Nothing to build: ${why}`;
}

function sayPages(pages: number): string {
  return `${pages} page${pages === 1 ? '' : 's'} built`;
}
