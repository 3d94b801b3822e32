import type { UpdatePullRequest } from '@reunite/contracts';
import type { PullRequestDraft } from './pull-request-fields.js';

/** What a person changed since they began: of all else, what others make of it meanwhile stays. */
export function editedFields(began: PullRequestDraft, draft: PullRequestDraft): UpdatePullRequest {
  const fields = ['title', 'body', 'baseBranch'] as const;
  return Object.fromEntries(fields.filter((name) => draft[name] !== began[name]).map((name) => [name, draft[name]]));
}
