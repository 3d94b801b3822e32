import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import { ArrayOverlap, In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { DeploymentCheckEntity } from '../checks/deployment-check.entity.js';
import { requestCheckRuns } from '../check-runs/check-run-outbox.js';
import { requestComments } from '../comments/comment-outbox.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { MERGE_QUEUE } from '../planning/preview-policy.rules.js';
import type { PreviewPolicy } from '../planning/preview-policy.rules.js';
import type { ProjectEntity } from '../project/project.entity.js';
import type { DeploymentWork } from './deployment-unit-of-work.js';
import { contextPrefix, truncateDescription } from './commit-status.rules.js';
import type { CommitStatus } from './commit-status.rules.js';
import { desiredResults, desiredStatuses } from './desired-statuses.rules.js';
import type { CommitResult, HeadRow, ProjectRows } from './desired-statuses.rules.js';

/** Statuses of one key are sent in order. Servers compare contexts without case. */
export interface CommitStatusKey {
  readonly repositoryId: string;
  readonly commit: string;
  readonly context: string;
}

type StatusProject = Pick<
  ProjectEntity,
  'id' | 'repositoryId' | 'name' | 'productionChecks' | 'previewChecks' | 'pullRequestComments'
> &
  PreviewPolicy;

/**
 * Writes the {@link desiredStatuses} of commits to the outbox, if they differ from the latest ones there, and enqueues their
 * sending. Requests updates of their check runs and of the comments on their pull requests. Every operation that changes
 * deployments or checks calls it once, after its last change, for the commits that it touched. The caller has locked the
 * project's row.
 */
export async function updateStatuses(
  work: DeploymentWork,
  project: StatusProject,
  commits: Iterable<string>,
): Promise<void> {
  const distinct = [...new Set(commits)];
  if (distinct.length === 0) return;
  const rows = await readRows(work.db, project, distinct);
  const written = await writeStatuses(work.db, project.repositoryId, desiredStatuses(distinct, rows, work.links));
  for (const key of written) work.afterCommit.enqueue(jobs.sendCommitStatuses, key);
  if (project.pullRequestComments) await requestComments(work, project, distinct);
  await requestCheckRuns(work, project, distinct);
}

/** The {@link desiredResults} of a commit, which its statuses show. */
export async function resultsOf(db: EntityManager, project: StatusProject, commit: string): Promise<CommitResult[]> {
  return desiredResults(commit, await readRows(db, project, [commit]));
}

async function readRows(db: EntityManager, project: StatusProject, commits: string[]): Promise<ProjectRows> {
  const projectId = project.id;
  const deployments = await db.find(DeploymentEntity, {
    where: [
      { projectId, commit: In(commits) },
      { projectId, laterCommits: ArrayOverlap(commits) },
      { projectId, previewedCommits: ArrayOverlap(commits) },
    ],
  });
  const checks = await db.findBy(DeploymentCheckEntity, { deploymentId: In(deployments.map(({ id }) => id)) });
  return { project, deployments, checks, heads: await readHeads(db, project.repositoryId, commits) };
}

async function readHeads(db: EntityManager, repositoryId: string, commits: string[]): Promise<HeadRow[]> {
  const rows = await db.query<{ commit: string; fork: boolean; branch: string; open: number }[]>(
    `SELECT head_commit AS commit, fork, head_branch AS branch, 1 AS open FROM pull_request
     WHERE repository_id = $1 AND state = 'open' AND head_commit = ANY($2)
     UNION ALL
     SELECT synced_commit, false, substr(name, length('refs/heads/') + 1), 0 FROM git_ref
     WHERE repository_id = $1 AND starts_with(name, 'refs/heads/' || $3) AND synced_commit = ANY($2)`,
    [repositoryId, commits, MERGE_QUEUE],
  );
  return rows.map(({ commit, fork, branch, open: openPullRequests }) => ({
    commit,
    ref: fork ? { kind: 'fork', openPullRequests } : { kind: 'branch', branch, openPullRequests },
  }));
}

/**
 * Appends statuses to the outbox, without those that equal the latest of their commit and context.
 *
 * @returns the keys of the statuses that were written
 */
export function writeStatuses(
  db: EntityManager,
  repositoryId: string,
  statuses: readonly CommitStatus[],
): Promise<CommitStatusKey[]> {
  return db.query<CommitStatusKey[]>(
    `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
     SELECT $1, desired.commit, desired.context, desired.state, desired.description, desired.target_url
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       WITH ORDINALITY AS desired (commit, context, state, description, target_url, position)
     LEFT JOIN LATERAL (
       SELECT * FROM commit_status WHERE repository_id = $1 AND commit = desired.commit
         AND lower(context) = lower(desired.context) ORDER BY sequence DESC LIMIT 1
     ) latest ON true
     WHERE (latest.context, latest.state, latest.description, latest.target_url)
       IS DISTINCT FROM (desired.context, desired.state, desired.description, desired.target_url)
     ORDER BY desired.position
     RETURNING repository_id AS "repositoryId", commit, context`,
    [
      repositoryId,
      statuses.map(({ commit }) => commit),
      statuses.map(({ context }) => context),
      statuses.map(({ state }) => state),
      statuses.map(({ description }) => truncateDescription(description)),
      statuses.map(({ targetUrl }) => targetUrl),
    ],
  );
}

/**
 * Sets the pending statuses under a project's name to `error`. Call it before the project is renamed or deleted,
 * because nothing reports to these contexts afterwards.
 */
export async function finalizePendingStatuses(
  { db, afterCommit }: Work,
  { repositoryId, name }: Pick<ProjectEntity, 'repositoryId' | 'name'>,
  reason: string,
): Promise<void> {
  const finalized = await db.query<CommitStatusKey[]>(
    `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
     SELECT repository_id, commit, context, 'error', $3, target_url FROM (
       SELECT DISTINCT ON (commit, lower(context)) repository_id, commit, context, state, target_url FROM commit_status
       WHERE repository_id = $1 AND starts_with(lower(context), lower($2))
       ORDER BY commit, lower(context), sequence DESC
     ) latest WHERE state = 'pending'
     RETURNING repository_id AS "repositoryId", commit, context`,
    [repositoryId, contextPrefix(name), truncateDescription(reason)],
  );
  for (const key of finalized) afterCommit.enqueue(jobs.sendCommitStatuses, key);
}

/** The commits that have a status under a project's name. */
export async function commitsWithStatuses(
  db: EntityManager,
  { repositoryId, name }: Pick<ProjectEntity, 'repositoryId' | 'name'>,
): Promise<string[]> {
  const rows = await db.query<{ commit: string }[]>(
    `SELECT DISTINCT commit FROM commit_status WHERE repository_id = $1 AND starts_with(lower(context), lower($2))
     ORDER BY commit`,
    [repositoryId, contextPrefix(name)],
  );
  return rows.map(({ commit }) => commit);
}

/**
 * Sets a connection's pending statuses to `error`. Call it before the connection and its credentials are deleted.
 *
 * @param lockTimeoutMs limit for each wait for a locked row, for the rest of the transaction
 */
export async function finalizeConnectionStatuses(
  work: Work,
  connectionId: string,
  { reason, lockTimeoutMs }: { readonly reason: string; readonly lockTimeoutMs: number },
): Promise<void> {
  await work.db.query(`SELECT set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`]);
  const projects = await work.db.query<Pick<ProjectEntity, 'repositoryId' | 'name'>[]>(
    `SELECT repository_id AS "repositoryId", project.name FROM project
     JOIN repository ON repository.id = repository_id
     WHERE connection_id = $1 ORDER BY project.id FOR UPDATE OF project`,
    [connectionId],
  );
  for (const project of projects) await finalizePendingStatuses(work, project, reason);
}

/** Returns whether a status of a connection waits to be sent. */
export async function hasUnsentStatuses(db: Pick<EntityManager, 'query'>, connectionId: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT 1 FROM commit_status JOIN repository ON repository.id = repository_id
     WHERE connection_id = $1 AND settled_at IS NULL LIMIT 1`,
    [connectionId],
  );
  return rows.length > 0;
}
