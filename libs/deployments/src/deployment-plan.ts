import { newId } from '@reunite/contracts';
import type { DeploymentState, Environment } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { branchOfRef } from '@reunite/repositories';
import { In, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { CommitStatusKey } from './commit-statuses.js';
import { DeploymentEntity } from './deployment.entity.js';
import { environmentOf } from './preview-policy.rules.js';
import type { PolicyRef } from './preview-policy.rules.js';
import { ProjectEntity } from './project.entity.js';
import { report } from './report-deployment.js';
import type { DeploymentAddresses, Reporting } from './report-deployment.js';

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

export interface PlanSettings extends DeploymentAddresses {
  /** The tree of a folder at the commit's root tree, or null where there is no such folder. */
  readonly folderTree: (rootTree: string, folder: string) => Promise<string | null>;
}

/** One project's part of a plan. */
interface ProjectPlan extends Reporting {
  readonly ref: DeployableRef;
  readonly effects: DeploymentEffects;
}

/**
 * Brings the deployments of a ref to what its projects want: one for its newest commit where the policy says so, none
 * where it does not. Whoever changes a ref or a pull request calls it, in the transaction that holds the ref's row; calling
 * it again changes nothing. Rows are locked in one order everywhere: ref, projects by id, deployments.
 */
export async function planDeployments(
  db: EntityManager,
  ref: DeployableRef,
  settings: PlanSettings,
): Promise<DeploymentEffects> {
  const effects: DeploymentEffects = { builds: [], statuses: [], removed: [] };
  // One plan at a time per project: two would each see no deployment yet and make their own.
  const projects = await db.find(ProjectEntity, {
    where: { repositoryId: ref.repositoryId },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (projects.length === 0) return effects;
  const policyRef = await policyRefOf(db, ref);
  for (const project of projects) {
    const plan = { db, project, ref, effects, addresses: settings, statuses: effects.statuses };
    const environment = policyRef && environmentOf(project, policyRef);
    if (environment && ref.content) {
      const tree = (await settings.folderTree(ref.content.tree, project.rootFolder)) ?? EMPTY_TREE_ID;
      await deploy(plan, environment, { commit: ref.content.commit, tree });
    } else if (environment !== 'production') await removePreviews(plan);
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
  plan: ProjectPlan,
  environment: Environment,
  { commit, tree }: { commit: string; tree: string },
): Promise<void> {
  const { db, project, ref, effects } = plan;
  const there = await db.findOne(DeploymentEntity, {
    where: { projectId: project.id, environment, refName: ref.name, state: Not(In(['skipped', 'removed'])) },
    order: { generation: 'DESC', id: 'DESC' },
  });
  if (there && (there.commit === commit || there.generation > ref.generation)) return;
  if (there?.state === 'success' && there.current && there.tree === tree) {
    await report(plan, { id: there.id, environment, commit }, 'success', 'Nothing to build: no change');
    return;
  }
  // The commits of the older builds must not stay pending for ever.
  await endDeployments(plan, environment, ['queued', 'in_progress'], 'skipped', `Superseded by ${commit.slice(0, 7)}`);
  const deployment = { id: newId('deployment'), projectId: project.id, environment, refName: ref.name, commit, tree };
  await db.insert(DeploymentEntity, { ...deployment, generation: ref.generation, state: 'queued' });
  effects.builds.push(deployment.id);
  await report(plan, deployment, 'pending', 'Waiting to be built');
  await announce(plan, deployment.id);
}

async function removePreviews(plan: ProjectPlan): Promise<void> {
  const states = ['queued', 'in_progress', 'success', 'failed'] as const;
  const reason = 'The branch or its pull request is closed';
  plan.effects.removed.push(...(await endDeployments(plan, 'preview', states, 'removed', reason)));
}

/** Ends the deployments of a ref that are in one of `states`. @returns their ids */
async function endDeployments(
  plan: ProjectPlan,
  environment: Environment,
  states: readonly DeploymentState[],
  state: 'skipped' | 'removed',
  reason: string,
): Promise<string[]> {
  const { db, project, ref } = plan;
  const ended = await db.find(DeploymentEntity, {
    where: { projectId: project.id, environment, refName: ref.name, state: In(states) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  for (const deployment of ended) {
    const finishedAt = deployment.finishedAt ?? new Date();
    await db.update(DeploymentEntity, deployment.id, { state, reason, current: false, finishedAt });
    if (deployment.finishedAt === null) await report(plan, deployment, 'error', reason);
    await announce(plan, deployment.id);
  }
  return ended.map(({ id }) => id);
}

async function announce({ db, project }: ProjectPlan, id: string): Promise<void> {
  await publishLiveEvent(db, project.organizationId, { type: 'deployment', id, projectId: project.id });
}
