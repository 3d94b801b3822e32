import type { PullRequestChecks, PullRequestQuery } from '@reunite/contracts';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { PullRequestEntity } from './pull-request.entity.js';

type Database = Pick<EntityManager, 'createQueryBuilder'>;

/**
 * Summary of the project's statuses of a head: the newest of each context counts. Contexts ignore case, as on servers.
 */
const CHECKS = `(
  SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN bool_or(newest.state IN ('failure', 'error')) THEN 'failure'
    WHEN bool_or(newest.state = 'pending') THEN 'pending' ELSE 'success' END
  FROM (
    SELECT DISTINCT ON (lower(status.context)) status.state FROM commit_status status
    WHERE status.repository_id = pull.repository_id AND status.commit = pull.head_commit
      AND starts_with(lower(status.context), lower(:contexts))
    ORDER BY lower(status.context), status.sequence DESC
  ) newest
)`;

/** Pull requests of a repository, with the statuses of one project. */
export interface PullRequestScope {
  readonly repositoryId: string;
  /** Start of the contexts of the project's statuses. */
  readonly contexts: string;
}

/** A mirrored pull request with the summary of its statuses. */
export interface PullRequestRow {
  readonly pull: PullRequestEntity;
  readonly checks: PullRequestChecks;
}

/**
 * Returns mirrored pull requests that match the filters, the highest number first; with `before`, the lowest first.
 *
 * @param filters `after` and `before` are ids of pull requests
 */
export function listPullRequests(
  db: Database,
  scope: PullRequestScope,
  filters: PullRequestQuery,
): Promise<PullRequestRow[]> {
  const query = pullRequestsOf(db, scope);
  addFilters(query, filters);
  const { limit, after, before } = filters;
  const [operator, order] = before === undefined ? (['<', 'DESC'] as const) : (['>', 'ASC'] as const);
  const cursor = after ?? before;
  if (cursor !== undefined) {
    const from = '(SELECT p.number FROM pull_request p WHERE p.id = :cursor AND p.repository_id = :repositoryId)';
    query.andWhere(`pull.number ${operator} ${from}`, { cursor });
  }
  return rowsOf(query.orderBy('pull.number', order).limit(limit));
}

/** Returns a mirrored pull request by number, or null. */
export async function findPullRequest(
  db: Database,
  scope: PullRequestScope,
  number: number,
): Promise<PullRequestRow | null> {
  const [row] = await rowsOf(pullRequestsOf(db, scope).andWhere('pull.number = :number', { number }));
  return row ?? null;
}

function pullRequestsOf(
  db: Database,
  { repositoryId, contexts }: PullRequestScope,
): SelectQueryBuilder<PullRequestEntity> {
  return db
    .createQueryBuilder(PullRequestEntity, 'pull')
    .addSelect(CHECKS, 'checks')
    .where('pull.repositoryId = :repositoryId', { repositoryId, contexts });
}

function addFilters(query: SelectQueryBuilder<PullRequestEntity>, filters: PullRequestQuery): void {
  const { state, draft, checks, creator, search } = filters;
  if (state) query.andWhere('pull.state = :state', { state });
  if (draft !== undefined) query.andWhere('pull.draft = :draft', { draft });
  if (checks) query.andWhere(`${CHECKS} = :checks`, { checks });
  if (creator) query.andWhere('lower(pull.author) = lower(:creator)', { creator });
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    const number = search.trim().replace(/^#/, '');
    query.andWhere('(pull.title ILIKE :pattern OR pull.number::text = :number)', { pattern, number });
  }
}

async function rowsOf(query: SelectQueryBuilder<PullRequestEntity>): Promise<PullRequestRow[]> {
  const { entities, raw } = await query.getRawAndEntities<{ checks: PullRequestChecks }>();
  return entities.map((pull, index) => ({ pull, checks: raw[index]?.checks ?? 'none' }));
}
