import type { CommitState, DeploymentState, DeploymentTrigger } from '@reunite/contracts';

/** What a commit's status says of a deployment. */
export interface DeploymentWord {
  readonly state: CommitState;
  readonly description: string;
}

interface Spoken {
  readonly state: DeploymentState;
  readonly trigger: DeploymentTrigger;
  readonly pages: number | null;
  readonly reason: string | null;
}

/** @returns null for one that was skipped or removed: it has nothing to say any more */
export function wordOf({ state, trigger, pages, reason }: Spoken): DeploymentWord | null {
  switch (state) {
    case 'queued':
    case 'in_progress':
      return { state: 'pending', description: `Waiting to be ${trigger === 'promote' ? 'promoted' : 'built'}` };
    case 'success':
      return { state: 'success', description: sayPages(pages ?? 0) };
    case 'failed':
    case 'timed_out':
      return { state: 'failure', description: reason ?? '' };
    case 'skipped':
    case 'removed':
      return null;
  }
}

/** What a commit's status says of a build that succeeded. */
export function sayPages(pages: number): string {
  return `${pages} page${pages === 1 ? '' : 's'} built`;
}
