import type { PullRequestDetail } from '@reunite/contracts';
import { useOutletContext } from 'react-router';

/** The pull request of the page, for its tabs and dialogs. */
export interface OpenPullRequest {
  readonly projectId: string;
  readonly detail: PullRequestDetail;
  /** Reloads the pull request from the server. */
  readonly reload: () => void;
}

/** The pull request of the current tab. */
export function usePullRequest(): OpenPullRequest {
  return useOutletContext<OpenPullRequest>();
}
