import type { UpdatePullRequest } from '@reunite/contracts';
import type { PullRequestDraft } from './pull-request-fields.js';

/** The fields that the user changed. Other fields are not sent, so that concurrent changes are kept. */
export function editedFields(began: PullRequestDraft, draft: PullRequestDraft): UpdatePullRequest {
  const fields = ['title', 'body', 'baseBranch'] as const;
  return Object.fromEntries(fields.filter((name) => draft[name] !== began[name]).map((name) => [name, draft[name]]));
}
