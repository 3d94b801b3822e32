import type { Ghes } from '../ghes.js';
import { accountById, appById, repositoryById } from '../state/lookup.js';
import type { IssueComment, PullRequest } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { simpleUser } from './account.js';
import { appJson } from './app.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

export function issueCommentJson(ghes: Ghes, pull: PullRequest, comment: IssueComment) {
  const name = fullName(ghes, repositoryById(ghes.store, pull.repositoryId));
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: apiUrl(ghes, `/repos/${name}/issues/comments/${comment.id}`),
    html_url: htmlUrl(ghes, `/${name}/pull/${pull.number}#issuecomment-${comment.id}`),
    issue_url: apiUrl(ghes, `/repos/${name}/issues/${pull.number}`),
    user: simpleUser(ghes, accountById(ghes.store, comment.userId)),
    author_association: 'CONTRIBUTOR',
    body: comment.body,
    performed_via_github_app: comment.appId === null ? null : appJson(ghes, appById(ghes.store, comment.appId)),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}
