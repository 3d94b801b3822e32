import type { PullRequestDetail } from '@reunite/contracts';
import { useOutletContext } from 'react-router';

/** The pull request of the page, as its tabs and dialogs get it. */
export interface OpenPullRequest {
  readonly projectId: string;
  readonly detail: PullRequestDetail;
  /** Reloads the pull request from the server. */
  readonly reload: () => void;
}

/** The pull request whose tab is open. */
export function usePullRequest(): OpenPullRequest {
  return useOutletContext<OpenPullRequest>();
}
