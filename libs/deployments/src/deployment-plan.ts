import { newId } from '@reunite/contracts';
import type { Environment } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { branchOfRef } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';
import { reportStatus, statusContext } from './commit-statuses.js';
import type { CommitStatusKey } from './commit-statuses.js';
import { DeploymentEntity } from './deployment.entity.js';
import { environmentOf } from './preview-policy.rules.js';
import type { PolicyRef } from './preview-policy.rules.js';
import { ProjectEntity } from './project.entity.js';

/** A ref with its synced content. */
export interface DeployableRef {
  readonly repositoryId: string;
  readonly name: string;
  readonly generation: number;
  /** null: the ref is deleted on the server. */
  readonly content: { readonly commit: string; readonly tree: string } | null;
}

/** What the caller enqueues once its transaction is committed; a sweep finds it again should it die before. */
export interface DeploymentEffects {
  readonly builds: string[];
  readonly statuses: CommitStatusKey[];
  /** Deployments that nobody can see any more: their artifacts may go. */
  readonly removed: string[];
}

export interface PlanSettings {
  /** The tree of a folder at the commit's root tree, or null where there is no such folder. */
  readonly folderTree: (rootTree: string, folder: string) => Promise<string | null>;
  /** Where people read a deployment's log. */
  readonly deploymentPage: (deploymentId: string) => string;
  readonly previewUrl: (id: string) => string;
}

/**
 * Brings the deployments of a ref to what its projects want: one for its newest commit where the policy says so, none
 * where it does not. Whoever changes a ref or a pull request calls it; calling it again changes nothing.
 */
export async function planDeployments(
  db: EntityManager,
  ref: DeployableRef,
  settings: PlanSettings,
): Promise<DeploymentEffects> {
  const effects: DeploymentEffects = { builds: [], statuses: [], removed: [] };
  const projects = await db.find(ProjectEntity, { where: { repositoryId: ref.repositoryId }, order: { id: 'ASC' } });
  if (projects.length === 0) return effects;
  const policyRef = await policyRefOf(db, ref);
  for (const project of projects) {
    // One plan at a time per project: two would each see no deployment yet and make their own.
    await db.query('SELECT 1 FROM project WHERE id = $1 FOR UPDATE', [project.id]);
    const environment = policyRef && environmentOf(project, policyRef);
    if (environment && ref.content) await deploy(db, project, environment, ref, ref.content, settings, effects);
    else if (environment !== 'production') await removePreviews(db, project, ref.name, settings, effects);
  }
  return effects;
}

async function policyRefOf(db: EntityManager, ref: DeployableRef): Promise<PolicyRef | null> {
  const branch = branchOfRef(ref.name);
  const forkOf = /^refs\/pull\/(\d+)\/head$/.exec(ref.name)?.[1];
  if (branch === null && forkOf === undefined) return null;
  const [row] = await db.query<{ open: number }[]>(
    `SELECT count(*)::int AS open FROM pull_request WHERE repository_id = $1 AND state = 'open'
     AND CASE WHEN fork THEN number = $2::int ELSE head_branch = $3 END`,
    [ref.repositoryId, forkOf ?? null, branch],
  );
  const openPullRequests = row?.open ?? 0;
  return branch === null ? { kind: 'fork', openPullRequests } : { kind: 'branch', branch, openPullRequests };
}

async function deploy(
  db: EntityManager,
  project: ProjectEntity,
  environment: Environment,
  ref: DeployableRef,
  content: { commit: string; tree: string },
  settings: PlanSettings,
  effects: DeploymentEffects,
): Promise<void> {
  const tree = (await settings.folderTree(content.tree, project.rootFolder)) ?? EMPTY_TREE_ID;
  const newest = await db.findOne(DeploymentEntity, {
    where: { projectId: project.id, environment, refName: ref.name },
    order: { id: 'DESC' },
  });
  const there = newest && !['skipped', 'removed'].includes(newest.state) ? newest : null;
  if (there?.commit === content.commit) return;
  if (there && there.generation > ref.generation) return;
  if (there?.state === 'success' && there.current && there.tree === tree) {
    await report(
      db,
      project,
      { id: there.id, environment, commit: content.commit },
      'success',
      'Nothing to build: no change',
      settings,
      effects,
    );
    return;
  }
  await supersede(db, project, environment, ref.name, content.commit, settings, effects);
  const deployment = await insertDeployment(db, project, environment, ref, content.commit, tree);
  effects.builds.push(deployment.id);
  await report(db, project, deployment, 'pending', 'Waiting to be built', settings, effects);
  await publishLiveEvent(db, project.organizationId, { type: 'deployment', id: deployment.id, projectId: project.id });
}

async function insertDeployment(
  db: EntityManager,
  project: ProjectEntity,
  environment: Environment,
  ref: DeployableRef,
  commit: string,
  tree: string,
): Promise<DeploymentEntity> {
  return db.save(
    db.create(DeploymentEntity, {
      id: newId('deployment'),
      projectId: project.id,
      environment,
      refName: ref.name,
      commit,
      tree,
      generation: ref.generation,
      state: 'queued',
      reason: null,
      pages: null,
      current: false,
      createdAt: new Date(),
      startedAt: null,
      finishedAt: null,
    }),
  );
}

/** A newer commit ends the older builds of its ref; their commits must not stay pending for ever. */
async function supersede(
  db: EntityManager,
  project: ProjectEntity,
  environment: Environment,
  refName: string,
  by: string,
  settings: PlanSettings,
  effects: DeploymentEffects,
): Promise<void> {
  const reason = `Superseded by ${by.slice(0, 7)}`;
  const open = await endDeployments(db, project.id, environment, refName, ['queued', 'in_progress'], 'skipped', reason);
  for (const deployment of open) await report(db, project, deployment, 'error', reason, settings, effects);
}

async function removePreviews(
  db: EntityManager,
  project: ProjectEntity,
  refName: string,
  settings: PlanSettings,
  effects: DeploymentEffects,
): Promise<void> {
  const reason = 'The branch or its pull request is closed';
  const states = ['queued', 'in_progress', 'success', 'failed'];
  const removed = await endDeployments(db, project.id, 'preview', refName, states, 'removed', reason);
  for (const deployment of removed) {
    effects.removed.push(deployment.id);
    if (deployment.finishedAt === null) await report(db, project, deployment, 'error', reason, settings, effects);
    const event = { type: 'deployment', id: deployment.id, projectId: project.id } as const;
    await publishLiveEvent(db, project.organizationId, event);
  }
}

/** Ends the deployments of a ref that are in one of `states`. @returns them as they were before */
async function endDeployments(
  db: EntityManager,
  projectId: string,
  environment: Environment,
  refName: string,
  states: readonly string[],
  state: 'skipped' | 'removed',
  reason: string,
): Promise<DeploymentEntity[]> {
  const ended = await db
    .createQueryBuilder(DeploymentEntity, 'deployment')
    .setLock('pessimistic_write')
    .where({ projectId, environment, refName })
    .andWhere('deployment.state IN (:...states)', { states })
    .getMany();
  for (const { id, finishedAt } of ended) {
    await db.update(DeploymentEntity, id, { state, reason, current: false, finishedAt: finishedAt ?? new Date() });
  }
  return ended;
}

/** Writes what is to be said of a deployment into the outbox: `build`, and for previews `preview` with the address. */
export async function report(
  db: EntityManager,
  project: ProjectEntity,
  deployment: Pick<DeploymentEntity, 'id' | 'commit' | 'environment'>,
  state: 'pending' | 'success' | 'failure' | 'error',
  description: string,
  settings: Omit<PlanSettings, 'folderTree'>,
  effects: Pick<DeploymentEffects, 'statuses'>,
): Promise<void> {
  const targets = { build: settings.deploymentPage(deployment.id), preview: settings.previewUrl(deployment.id) };
  const checks = deployment.environment === 'preview' ? (['build', 'preview'] as const) : (['build'] as const);
  for (const check of checks) {
    const key = {
      repositoryId: project.repositoryId,
      commit: deployment.commit,
      context: statusContext(project.name, check),
    };
    await reportStatus(db, { ...key, state, description, targetUrl: targets[check] });
    effects.statuses.push(key);
  }
}
