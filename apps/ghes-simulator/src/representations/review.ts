import type { Ghes } from '../ghes.js';
import { accountById, repositoryById } from '../state/lookup.js';
import type { PullRequest, Review } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { simpleUser } from './account.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

export function reviewJson(ghes: Ghes, pull: PullRequest, review: Review) {
  const name = fullName(ghes, repositoryById(ghes.store, pull.repositoryId));
  const page = htmlUrl(ghes, `/${name}/pull/${pull.number}#pullrequestreview-${review.id}`);
  const pullUrl = apiUrl(ghes, `/repos/${name}/pulls/${pull.number}`);
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: simpleUser(ghes, accountById(ghes.store, review.userId)),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: 'MEMBER',
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}
