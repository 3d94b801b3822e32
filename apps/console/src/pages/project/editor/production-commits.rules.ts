import type { Project } from '@reunite/contracts';
import type { Session } from '../../../api/paths.js';
import { may } from '../../../shell/session-context.js';

/** Why the user cannot commit to a branch, or null if they can. The API enforces the same rule. */
export function whyNotCommit(
  { productionBranch, productionCommits }: Pick<Project, 'productionBranch' | 'productionCommits'>,
  session: Session,
  branch: string,
): string | null {
  if (branch !== productionBranch) return null;
  if (productionCommits === 'pull-request') {
    return `${branch} is the production branch and changes by pull request only. Commit to a new branch, then open a pull request.`;
  }
  if (may(session, productionCommits)) return null;
  return `A commit to the production branch ${branch} requires the role ${productionCommits}. Commit to a new branch, then open a pull request.`;
}
