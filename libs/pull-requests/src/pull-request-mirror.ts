import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { PullRequestDescription } from './pull-request-description.rules.js';
import { PullRequestEntity } from './pull-request.entity.js';

/** `response`: the server's answer to a request just now. `delivery`: a webhook or a list, which may be outdated. */
export type DescriptionSource = 'response' | 'delivery';

/** `updated_at` of the description that was stored before the server was asked. The answer replaces it even if it is older. */
export interface ConfirmedResponse {
  readonly replaces: Date;
}

/**
 * Result of mirroring a description.
 *
 * - `changed`: stored.
 * - `unchanged`: identical to the stored one.
 * - `outdated`: a newer one is stored.
 * - `ambiguous`: a different one of the same second is stored; re-fetch the pull request.
 */
export type MirrorResult = 'changed' | 'unchanged' | 'outdated' | 'ambiguous';

/**
 * Stores the description of a pull request, in the caller's transaction, unless a newer one is stored. `updated_at` has a
 * resolution of one second: of two descriptions of the same second a response wins, and a delivery is ambiguous.
 */
export async function mirrorPullRequest(
  db: EntityManager,
  description: PullRequestDescription,
  source: DescriptionSource | ConfirmedResponse,
): Promise<MirrorResult> {
  const { repositoryId, number } = description;
  const existing = await db.findOne(PullRequestEntity, {
    where: { repositoryId, number },
    lock: { mode: 'pessimistic_write' },
  });
  if (existing) {
    const age = description.updatedAt.getTime() - existing.updatedAt.getTime();
    const isReplaced = typeof source === 'object' && source.replaces.getTime() === existing.updatedAt.getTime();
    if (age < 0 && !isReplaced) return 'outdated';
    if (age === 0 && isIdentical(existing, description)) return 'unchanged';
    if (age === 0 && source === 'delivery') return 'ambiguous';
  }
  const replaces = typeof source === 'object' ? source.replaces : null;
  return (await upsert(db, description, replaces)) ? 'changed' : 'outdated';
}

function isIdentical(existing: PullRequestEntity, description: PullRequestDescription): boolean {
  const keys = Object.keys(description) as (keyof PullRequestDescription)[];
  return keys.every((key) => key === 'updatedAt' || existing[key] === description[key]);
}

/** Returns false if a concurrent transaction inserted a newer description. */
async function upsert(db: EntityManager, description: PullRequestDescription, replaces: Date | null): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `INSERT INTO pull_request AS existing
       (id, repository_id, number, title, state, draft, author, head_branch, head_commit, base_branch, fork, html_url, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (repository_id, number) DO UPDATE SET
       title = excluded.title, state = excluded.state, draft = excluded.draft, head_branch = excluded.head_branch,
       head_commit = excluded.head_commit, base_branch = excluded.base_branch, html_url = excluded.html_url,
       author = excluded.author, fork = excluded.fork, updated_at = excluded.updated_at
     WHERE existing.updated_at <= excluded.updated_at OR existing.updated_at = $14::timestamptz
     RETURNING id`,
    [
      newId('pullRequest'),
      description.repositoryId,
      description.number,
      description.title,
      description.state,
      description.draft,
      description.author,
      description.headBranch,
      description.headCommit,
      description.baseBranch,
      description.fork,
      description.htmlUrl,
      description.updatedAt,
      replaces,
    ],
  );
  return rows.length > 0;
}
