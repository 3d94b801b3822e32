import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { PullRequestEntity } from './pull-request.entity.js';

/** A pull request as the server describes it. */
export type DescribedPullRequest = Omit<PullRequestEntity, 'id'>;

/**
 * What became of a description. `known`: it says what is held. `older`: something newer is held. `unclear`: of the same
 * second something else is held, and which came last only the server can tell.
 */
export type Mirrored = 'changed' | 'known' | 'older' | 'unclear';

/**
 * Mirrors a pull request in the caller's transaction, unless a newer description is held already. The server's clock has seconds: of two
 * descriptions of one second its own answer stands, while a delivery, which may be late, must be asked about.
 */
export async function mirrorPullRequest(
  db: EntityManager,
  described: DescribedPullRequest,
  telling: 'answered' | 'delivered',
): Promise<Mirrored> {
  const { repositoryId, number } = described;
  const held = await db.findOne(PullRequestEntity, {
    where: { repositoryId, number },
    lock: { mode: 'pessimistic_write' },
  });
  if (held) {
    const age = described.updatedAt.getTime() - held.updatedAt.getTime();
    if (age < 0) return 'older';
    if (age === 0 && saysTheSame(held, described)) return 'known';
    if (age === 0 && telling === 'delivered') return 'unclear';
  }
  return (await write(db, described)) ? 'changed' : 'older';
}

function saysTheSame(held: PullRequestEntity, described: DescribedPullRequest): boolean {
  const keys = Object.keys(described) as (keyof DescribedPullRequest)[];
  return keys.every((key) => key === 'updatedAt' || held[key] === described[key]);
}

/** Of two that come at once for the first time the newer stays. */
async function write(db: EntityManager, described: DescribedPullRequest): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `INSERT INTO pull_request AS held
       (id, repository_id, number, title, state, draft, author, head_branch, head_commit, base_branch, fork, html_url, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (repository_id, number) DO UPDATE SET
       title = excluded.title, state = excluded.state, draft = excluded.draft, head_branch = excluded.head_branch,
       head_commit = excluded.head_commit, base_branch = excluded.base_branch, html_url = excluded.html_url,
       author = excluded.author, fork = excluded.fork, updated_at = excluded.updated_at
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
