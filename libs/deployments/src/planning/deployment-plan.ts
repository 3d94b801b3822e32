import { newId } from '@reunite/contracts';
import type { DeploymentTrigger, Environment } from '@reunite/contracts';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { branchOfRef, branchRef } from '@reunite/repositories';
import { In, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { CommitStatusKey } from '../statuses/commit-statuses.js';
import { adoptChecks, queueChecks } from '../checks/deployment-checks.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { endDeployments } from '../lifecycle/end-deployments.js';
import { sayUnchanged } from '../statuses/deployment-word.rules.js';
import { environmentOf } from './preview-policy.rules.js';
import type { PolicyRef } from './preview-policy.rules.js';
import { ProjectEntity } from '../project/project.entity.js';
import {
  announceDeployment,
  commitsOf,
  isStanding,
  isUnheard,
  openStates,
  report,
  reportWord,
} from '../statuses/report-deployment.js';
import type { DeploymentAddresses, Reporting } from '../statuses/report-deployment.js';

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
  readonly builds: { readonly deploymentId: string; readonly preview: boolean }[];
  readonly statuses: CommitStatusKey[];
  /** Deployments that nobody can see any more: their artifacts may go. */
  readonly removed: string[];
}

export interface PlanSettings extends DeploymentAddresses {
  /** The tree of a folder at the commit's root tree, or null where there is no such folder. */
  readonly folderTree: (rootTree: string, folder: string) => Promise<string | null>;
  /** What made the plan, where neither the ref nor a pull request did. */
  readonly trigger?: 'settings';
}

/** Of a deployment that is built, so many of the commits that share it are remembered; no word is due to them any more. */
const KEPT_COMMITS = 100;

/** One project's part of a plan. */
interface ProjectPlan extends Reporting {
  readonly trigger: DeploymentTrigger;
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
    const environment = policyRef && environmentOf(project, policyRef);
    const trigger: DeploymentTrigger =
      settings.trigger ?? (isPullRequest(project, policyRef) ? 'pull_request' : 'push');
    const plan = { db, project, ref, effects, trigger, addresses: settings, statuses: effects.statuses };
    if (environment && ref.content) {
      const tree = (await settings.folderTree(ref.content.tree, project.rootFolder)) ?? EMPTY_TREE_ID;
      await deploy(plan, environment, { commit: ref.content.commit, tree });
    }
    // A branch that became the production branch is not previewed any more either.
    if (environment !== 'preview' || !ref.content) await removePreviews(plan);
  }
  return effects;
}

function isPullRequest(project: ProjectEntity, ref: PolicyRef | null): boolean {
  const isProduction = ref?.kind === 'branch' && ref.branch === project.productionBranch;
  return !isProduction && project.pullRequestPreviews && (ref?.openPullRequests ?? 0) > 0;
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
  const { db, project, ref, effects, trigger } = plan;
  const { id: projectId } = project;
  // Also one that was skipped or retired: what a person cancelled or what grew old does not come back by itself.
  const there = await db.findOne(DeploymentEntity, {
    where: { projectId, environment, refName: ref.name, closed: false },
    order: { generation: 'DESC', id: 'DESC' },
  });
  const known = there && commitsOf(there).includes(commit);
  if (known) return sayAgain(plan, there, commit);
  if (there && there.generation > ref.generation) return;
  if (there?.tree === tree && isStanding(there)) return goOnWith(plan, there, commit);
  const shown = there ? null : await untouched(plan, tree);
  if (shown) return adopt(plan, { id: shown.id, environment, commit });
  // A project has one production, whichever branch it is from; a preview is its branch's.
  const older = { environment, state: In(openStates), ...(environment === 'preview' && { refName: ref.name }) };
  // The commits of the older builds must not stay pending for ever.
  const newer = trigger === 'settings' ? "the project's new settings" : commit.slice(0, 7);
  await endDeployments(plan, older, { state: 'skipped', reason: `Superseded by ${newer}` });
  const deployment = { id: newId('deployment'), projectId, environment, refName: ref.name, commit, tree, trigger };
  await db.insert(DeploymentEntity, { ...deployment, generation: ref.generation, state: 'queued' });
  effects.builds.push({ deploymentId: deployment.id, preview: environment === 'preview' });
  await report(plan, deployment, 'pending', 'Waiting to be built');
  await queueChecks(plan, { ...deployment, laterCommits: [] });
  await announceDeployment(plan, deployment.id);
}

/**
 * A commit that changes nothing shares what was built, or waits for it with the ones before: builds would else be begun and
 * ended for ever where pushes that concern other folders come faster than builds end.
 */
async function goOnWith(plan: ProjectPlan, there: DeploymentEntity, commit: string): Promise<void> {
  const laterCommits = [...there.laterCommits, commit].slice(there.state === 'success' ? -KEPT_COMMITS : 0);
  await plan.db.update(DeploymentEntity, there.id, { laterCommits, generation: plan.ref.generation });
  await sayOf(plan, there, commit);
}

/** A commit needs no build of its own. */
async function adopt(plan: ProjectPlan, shown: Parameters<typeof report>[1]): Promise<void> {
  await report(plan, shown, 'success', sayUnchanged(`${plan.project.rootFolder} is as in production`));
  await adoptChecks(plan, shown.id, shown.commit);
}

/**
 * A project that was renamed speaks in other contexts; elsewhere this says what was said, and so nothing. A worker that does
 * not know of later commits yet, while replicas are replaced, ends a build without a word for them.
 */
async function sayAgain(plan: ProjectPlan, there: DeploymentEntity, commit: string): Promise<void> {
  if (plan.trigger === 'settings' || (await isUnheard(plan, there, commit))) await sayOf(plan, there, commit);
}

/** What was said of the commit already is not said again. One that was skipped or removed has nothing to say any more. */
async function sayOf(plan: ProjectPlan, deployment: DeploymentEntity, commit: string): Promise<void> {
  if (['skipped', 'removed'].includes(deployment.state)) return;
  await reportWord(plan, deployment, [commit]);
  await adoptChecks(plan, deployment.id, commit);
}

/** In a monorepo most branches change nothing in the folder: what production shows is what their preview would show. */
async function untouched({ db, project, ref }: ProjectPlan, tree: string): Promise<DeploymentEntity | null> {
  if (project.rootFolder === '' || tree === EMPTY_TREE_ID || ref.name === branchRef(project.productionBranch))
    return null;
  return db.findOneBy(DeploymentEntity, { projectId: project.id, environment: 'production', current: true, tree });
}

async function removePreviews(plan: ProjectPlan): Promise<void> {
  const { db, project, ref } = plan;
  const shown = { environment: 'preview', refName: ref.name } as const;
  const ended = await endDeployments(
    plan,
    { ...shown, state: Not(In(['skipped', 'removed'])) },
    {
      state: 'removed',
      reason: ref.content
        ? 'No open pull request and no setting of the project asks for this preview any more'
        : 'The branch was deleted',
    },
  );
  plan.effects.removed.push(...ended);
  await db.update(DeploymentEntity, { ...shown, projectId: project.id, closed: false }, { closed: true });
}
