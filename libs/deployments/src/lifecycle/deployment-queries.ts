import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { DeploymentEntity } from './deployment.entity.js';

type Database = Pick<EntityManager, 'createQueryBuilder'>;

/** Commits with the same content share a deployment. */
const IS_OF_HEAD = '(deployment.commit = :head OR :head = ANY(deployment.laterCommits))';

/** Refs of a project, and the commit that they point at. */
export interface HeadQuery {
  readonly projectId: string;
  readonly refs: readonly string[];
  readonly head: string;
  /** If true, deployments of other commits do not count. */
  readonly onlyHead: boolean;
}

/**
 * Returns the newest deployment of a head, or null. Without one, returns the newest deployment of the refs, unless
 * `onlyHead` is set: a commit that changes no file of the project has no deployment.
 */
export function deploymentOfHead(
  db: Database,
  { projectId, refs, head, onlyHead }: HeadQuery,
): Promise<DeploymentEntity | null> {
  const query = db
    .createQueryBuilder(DeploymentEntity, 'deployment')
    .where('deployment.projectId = :projectId AND deployment.refName IN (:...refs)', { projectId, refs })
    .addSelect(IS_OF_HEAD, 'is_head')
    .orderBy('is_head', 'DESC')
    .addOrderBy('deployment.id', 'DESC')
    .setParameter('head', head)
    .limit(1);
  if (onlyHead) query.andWhere(IS_OF_HEAD);
  return query.getOne();
}

/** Returns the newest built preview of each ref. */
export async function previewsOfRefs(
  db: Database,
  projectId: string,
  refs: readonly string[],
): Promise<DeploymentEntity[]> {
  if (refs.length === 0) return [];
  return builtPreviews(db, projectId, refs)
    .distinctOn(['deployment.refName'])
    .addOrderBy('deployment.id', 'DESC')
    .getMany();
}

/** Returns all built previews of these commits on these refs, the newest of each ref first. */
export async function previewsOfCommits(
  db: Database,
  projectId: string,
  refs: readonly string[],
  commits: readonly string[],
): Promise<DeploymentEntity[]> {
  if (refs.length === 0) return [];
  return builtPreviews(db, projectId, refs)
    .andWhere('(deployment.commit = ANY(:commits) OR deployment.laterCommits && :commits)', { commits })
    .addOrderBy('deployment.id', 'DESC')
    .getMany();
}

function builtPreviews(db: Database, projectId: string, refs: readonly string[]): SelectQueryBuilder<DeploymentEntity> {
  return db
    .createQueryBuilder(DeploymentEntity, 'deployment')
    .where('deployment.projectId = :projectId', { projectId })
    .andWhere(`deployment.environment = 'preview' AND deployment.state = 'success'`)
    .andWhere('deployment.refName IN (:...refs)', { refs })
    .orderBy('deployment.refName');
}
