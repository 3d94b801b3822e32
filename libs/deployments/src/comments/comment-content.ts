import type { EntityManager } from 'typeorm';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import type { StatusLinks } from '../statuses/desired-statuses.rules.js';
import { contextPrefix } from '../statuses/commit-status.rules.js';
import { statusesOf } from '../statuses/status-outbox.js';
import type { CommentKey } from './comment-outbox.js';
import type { CommentContent } from './comment-body.rules.js';

/** The results of a project for the head of a pull request. */
export interface HeadReport {
  readonly project: ProjectEntity;
  readonly head: string;
  /** The deployment that the preview of the head is; null until it is built, and if it is not. */
  readonly previewId: string | null;
  /** Whether the head has a deployment of its own. Without one, production shows the same content. */
  readonly differs: boolean;
  readonly content: Omit<CommentContent, 'pages' | 'morePages'>;
}

/**
 * Reads what the comment of a project on a pull request shows, except its changed pages. The results are those of the
 * commit statuses, so that both agree.
 *
 * @returns null if there is nothing to show: the pull request is closed, its head is not built by the project, or the
 *   project writes no comments
 */
export async function readHeadReport(
  db: EntityManager,
  { projectId, number }: CommentKey,
  links: StatusLinks,
): Promise<HeadReport | null> {
  const project = await db.findOneBy(ProjectEntity, { id: projectId });
  if (!project?.pullRequestComments) return null;
  const [pull] = await db.query<{ head: string; base: string }[]>(
    `SELECT head_commit AS head, base_branch AS base FROM pull_request
     WHERE repository_id = $1 AND number = $2 AND state = 'open'`,
    [project.repositoryId, number],
  );
  if (!pull) return null;
  // With ids in place of addresses: the deployments that the statuses are about.
  const ids = { deploymentPage: (id: string) => id, preview: (id: string) => id };
  const prefix = contextPrefix(project.name);
  const statuses = (await statusesOf(db, project, pull.head, ids)).map((status) => ({
    ...status,
    check: status.context.slice(prefix.length),
  }));
  const preview = statuses.find(({ check }) => check === 'preview');
  const deploymentId = preview?.targetUrl ?? null;
  if (!preview || deploymentId === null) return null;
  const previewId = preview.state === 'success' ? deploymentId : null;
  const results = statuses.filter(({ check }) => check !== 'preview');
  return {
    project,
    head: pull.head,
    previewId,
    differs: await db.existsBy(DeploymentEntity, { id: deploymentId, environment: 'preview' }),
    content: {
      projectId,
      projectName: project.name,
      commit: pull.head,
      previewUrl: previewId === null ? null : links.preview(previewId),
      deploymentUrl: links.deploymentPage(deploymentId),
      results: results.map(({ check, state, description }) => ({ check, state, description })),
      newFindings: pull.base === project.productionBranch ? await countNewFindings(db, projectId, deploymentId) : null,
    },
  };
}

/**
 * Counts the findings of a deployment that current production does not have, whatever their lines.
 *
 * @returns null if a check of either has no result, or if only a part of the findings is stored
 */
async function countNewFindings(db: EntityManager, projectId: string, deploymentId: string): Promise<number | null> {
  const [row] = await db.query<{ comparable: boolean | null; added: number }[]>(
    `WITH compared AS (
       SELECT $2::text AS id UNION
       SELECT id FROM deployment WHERE project_id = $1 AND environment = 'production' AND current
     ), complete AS (
       SELECT deployment_id, bool_and(state IN ('success', 'failure') AND errors + warnings = (
         SELECT count(*) FROM deployment_finding finding
         WHERE finding.deployment_id = result.deployment_id AND finding.name = result.name
       )) AS complete
       FROM deployment_check result WHERE deployment_id IN (SELECT id FROM compared) GROUP BY deployment_id
     )
     SELECT (SELECT count(*) = 2 AND bool_and(complete) FROM complete) AS comparable, count(*)::int AS added
     FROM deployment_finding head WHERE deployment_id = $2 AND NOT EXISTS (
       SELECT 1 FROM deployment_finding base
       WHERE base.deployment_id IN (SELECT id FROM compared WHERE id <> $2) AND base.name = head.name
         AND base.rule = head.rule AND base.message = head.message AND base.file IS NOT DISTINCT FROM head.file
     )`,
    [projectId, deploymentId],
  );
  return row?.comparable === true ? row.added : null;
}
