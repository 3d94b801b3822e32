import type { EntityManager } from 'typeorm';
import { DeploymentCheckEntity } from '../checks/deployment-check.entity.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import type { StatusLinks } from '../statuses/desired-statuses.rules.js';
import { resultsOf } from '../statuses/status-outbox.js';
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
  const results = await resultsOf(db, project, pull.head);
  const preview = results.find(({ check }) => check === 'preview');
  const deploymentId = preview?.deploymentId ?? null;
  if (!preview || deploymentId === null) return null;
  const previewId = preview.state === 'success' ? deploymentId : null;
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
      results: results
        .filter(({ check }) => check !== 'preview')
        .map(({ check, state, description }) => ({ check, state, description })),
      newFindings: pull.base === project.productionBranch ? await countNewFindings(db, deploymentId) : null,
    },
  };
}

/** Counts the findings of a preview that production did not have; null if a check has no result or was not compared. */
async function countNewFindings(db: EntityManager, deploymentId: string): Promise<number | null> {
  const checks = await db.findBy(DeploymentCheckEntity, { deploymentId });
  const counts = checks.map(({ newErrors, newWarnings }) =>
    newErrors !== null && newWarnings !== null ? newErrors + newWarnings : null,
  );
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
