import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { PullRequestEntity } from './pull-request.entity.js';

/** A pull request as the server describes it. */
export type DescribedPullRequest = Omit<PullRequestEntity, 'id'>;

/**
 * Mirrors a pull request, unless a newer description is held already.
 *
 * @returns false when the description was older than what is held
 */
export async function mirrorPullRequest(db: EntityManager, described: DescribedPullRequest): Promise<boolean> {
  const rows = await db.query<{ id: string }[]>(
    `INSERT INTO pull_request AS held
       (id, repository_id, number, title, state, draft, author, head_branch, head_commit, base_branch, fork, html_url, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (repository_id, number) DO UPDATE SET
       title = excluded.title, state = excluded.state, draft = excluded.draft, head_branch = excluded.head_branch,
       head_commit = excluded.head_commit, base_branch = excluded.base_branch, html_url = excluded.html_url,
       updated_at = excluded.updated_at
     WHERE held.updated_at <= excluded.updated_at
     RETURNING id`,
    [
      newId('pullRequest'),
      described.repositoryId,
      described.number,
      described.title,
      described.state,
      described.draft,
      described.author,
      described.headBranch,
      described.headCommit,
      described.baseBranch,
      described.fork,
      described.htmlUrl,
      described.updatedAt,
    ],
  );
  return rows.length > 0;
}
