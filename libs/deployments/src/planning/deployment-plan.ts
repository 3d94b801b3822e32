import { jobs, newId } from '@reunite/contracts';
import type { DeploymentTrigger, Environment } from '@reunite/contracts';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { branchOfRef, branchRef } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';
import { queueChecks } from '../checks/deployment-checks.js';
import { cancelOpenDeployments, dropPendingChecks, removePreviews } from '../lifecycle/cancel-deployments.js';
import { publishDeployment } from '../lifecycle/deployment-events.js';
import { commitsOf, coveredCommits, isLive } from '../lifecycle/deployment-states.rules.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import { updateStatuses } from '../statuses/status-outbox.js';
import type { DeploymentWork } from '../statuses/deployment-unit-of-work.js';
import { addCoveredCommit } from './covered-commits.js';
import { environmentOf } from './preview-policy.rules.js';
import type { PolicyRef } from './preview-policy.rules.js';

/** A ref with its synced content. */
export interface DeployableRef {
  readonly repositoryId: string;
  readonly name: string;
  readonly generation: number;
  /** null: the ref is deleted on the server. */
  readonly content: { readonly commit: string; readonly tree: string } | null;
}

export interface PlanSettings {
  /** Returns the tree of a folder in the commit's root tree, or null if there is no such folder. */
  readonly folderTree: (rootTree: string, folder: string) => Promise<string | null>;
  /** Removes the files of a deployment that is no longer visible. */
  readonly removeArtifacts: (deploymentId: string) => Promise<void>;
  /** Set if a change of the project's settings caused the plan, and not the ref or a pull request. */
  readonly trigger?: 'settings';
}

/** One project's part of a plan. */
interface ProjectPlan {
  readonly work: DeploymentWork;
  readonly project: ProjectEntity;
  readonly ref: DeployableRef;
  readonly environment: Environment | null;
  readonly trigger: DeploymentTrigger;
}

interface FolderContent {
  readonly commit: string;
  /** The tree of the project's root folder. */
  readonly tree: string;
}

/**
 * Applies the preview policies of a ref's projects: deploys its newest commit if the policy includes the ref, and
 * removes its previews otherwise. Call it after every change of a ref or pull request, in the transaction that has
 * locked the ref's row. Idempotent. Rows are locked in the order ref, projects by id, deployments.
 */
export async function planDeployments(work: DeploymentWork, ref: DeployableRef, settings: PlanSettings): Promise<void> {
  const { db } = work;
  const projects = await lockProjects(db, ref.repositoryId);
  if (projects.length === 0) return;
  const policyRef = await readPolicyRef(db, ref);
  for (const project of projects) {
    const environment = policyRef && environmentOf(project, policyRef);
    const trigger = settings.trigger ?? (isPullRequest(project, policyRef) ? 'pull_request' : 'push');
    await planProject({ work, project, ref, environment, trigger }, settings);
  }
}

/**
 * Reports the statuses of a commit that is not planned by its ref: the head of a pull request whose ref is not synced.
 * Idempotent.
 */
export async function reportHead(work: DeploymentWork, repositoryId: string, commit: string): Promise<void> {
  for (const project of await lockProjects(work.db, repositoryId)) await updateStatuses(work, project, [commit]);
}

/** One plan at a time per project: two concurrent ones would each create a deployment. */
function lockProjects(db: EntityManager, repositoryId: string): Promise<ProjectEntity[]> {
  return db.find(ProjectEntity, {
    where: { repositoryId },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

function isPullRequest(project: ProjectEntity, ref: PolicyRef | null): boolean {
  const isProduction = ref?.kind === 'branch' && ref.branch === project.productionBranch;
  return !isProduction && project.pullRequestPreviews && (ref?.openPullRequests ?? 0) > 0;
}

async function readPolicyRef(db: EntityManager, ref: DeployableRef): Promise<PolicyRef | null> {
  const branch = branchOfRef(ref.name);
  const forkPullRequest = /^refs\/pull\/(\d+)\/head$/.exec(ref.name)?.[1];
  if (branch === null && forkPullRequest === undefined) return null;
  const [row] = await db.query<{ open: number }[]>(
    `SELECT count(*)::int AS open FROM pull_request WHERE repository_id = $1 AND state = 'open'
     AND CASE WHEN fork THEN number = $2::int ELSE head_branch = $3 END`,
    [ref.repositoryId, forkPullRequest ?? null, branch],
  );
  const openPullRequests = row?.open ?? 0;
  return branch === null ? { kind: 'fork', openPullRequests } : { kind: 'branch', branch, openPullRequests };
}

/** Changes the rows first, then reports the statuses of all commits that it touched. */
async function planProject(plan: ProjectPlan, { folderTree, removeArtifacts }: PlanSettings): Promise<void> {
  const { work, project, ref, environment } = plan;
  const touched: string[] = [];
  let created: string | null = null;
  if (environment && ref.content) {
    const { commit, tree } = ref.content;
    const content = { commit, tree: (await folderTree(tree, project.rootFolder)) ?? EMPTY_TREE_ID };
    const deployed = await deploy(plan, environment, content);
    created = deployed.created;
    touched.push(...deployed.superseded.flatMap(coveredCommits));
  }
  // Also where it is not deployed: a server may require statuses on it.
  if (ref.content) touched.push(ref.content.commit);
  // A branch that became the production branch is no longer previewed either.
  const removed = environment === 'preview' && ref.content ? [] : await removePreviewsOf(plan);
  await updateStatuses(work, project, [...touched, ...removed.flatMap(coveredCommits)]);
  if (created !== null) {
    const preview = environment === 'preview';
    work.afterCommit.enqueue(jobs.buildDeployment, { deploymentId: created, preview });
  }
  for (const { id } of removed) work.afterCommit.run('remove artifacts', () => removeArtifacts(id));
}

/** The deployment that a commit got, if it needs a build of its own, and the ones that it replaces. */
interface Deployed {
  readonly created: string | null;
  readonly superseded: readonly DeploymentEntity[];
}

const UNCHANGED: Deployed = { created: null, superseded: [] };

async function deploy(plan: ProjectPlan, environment: Environment, content: FolderContent): Promise<Deployed> {
  const { work, project, ref } = plan;
  const { commit, tree } = content;
  // Includes cancelled and expired ones: they do not come back until the ref moves.
  const existing = await work.db.findOne(DeploymentEntity, {
    where: { projectId: project.id, environment, refName: ref.name, closed: false },
    order: { generation: 'DESC', id: 'DESC' },
  });
  if (existing && (commitsOf(existing).includes(commit) || existing.generation > ref.generation)) return UNCHANGED;
  if (existing?.tree === tree && isLive(existing)) {
    // Restarting the build here would keep it from ever finishing if pushes to other folders come faster than it
    // builds.
    const laterCommits = await addCoveredCommit(work.db, existing, existing.laterCommits, commit);
    await work.db.update(DeploymentEntity, existing.id, { laterCommits, generation: ref.generation });
    return UNCHANGED;
  }
  const production = existing ? null : await sameAsProduction(plan, tree);
  if (production) {
    const previewedCommits = await addCoveredCommit(work.db, production, production.previewedCommits, commit);
    await work.db.update(DeploymentEntity, production.id, { previewedCommits });
    return UNCHANGED;
  }
  return createDeployment(plan, environment, content);
}

/** In a monorepo most branches do not change the folder: their preview would show what production shows. */
async function sameAsProduction({ work, project, ref }: ProjectPlan, tree: string): Promise<DeploymentEntity | null> {
  const isProductionBranch = ref.name === branchRef(project.productionBranch);
  if (project.rootFolder === '' || tree === EMPTY_TREE_ID || isProductionBranch) return null;
  const current = { projectId: project.id, environment: 'production', current: true, tree } as const;
  return work.db.findOneBy(DeploymentEntity, current);
}

/** A project has one production, whichever branch it is from; a preview belongs to its branch. */
async function createDeployment(
  { work, project, ref, trigger }: ProjectPlan,
  environment: Environment,
  { commit, tree }: FolderContent,
): Promise<Deployed> {
  const { db } = work;
  const older = environment === 'preview' ? { environment, refName: ref.name } : { environment };
  const newer = trigger === 'settings' ? "the project's new settings" : commit.slice(0, 7);
  const reason = `Superseded by ${newer}`;
  const cancelled = await cancelOpenDeployments(db, project, older, reason);
  const superseded = [...cancelled, ...(await dropPendingChecks(db, project, older, reason))];
  const id = newId('deployment');
  await db.insert(DeploymentEntity, {
    id,
    projectId: project.id,
    environment,
    refName: ref.name,
    commit,
    tree,
    generation: ref.generation,
    state: 'queued',
    trigger,
  });
  await queueChecks(db, { id, commit, laterCommits: [] });
  await publishDeployment(db, project, id);
  return { created: id, superseded };
}

function removePreviewsOf({ work, project, ref }: ProjectPlan): Promise<DeploymentEntity[]> {
  const reason = ref.content
    ? 'Neither an open pull request nor a setting of the project asks for this preview'
    : 'The branch was deleted';
  return removePreviews(work.db, project, ref.name, reason);
}
