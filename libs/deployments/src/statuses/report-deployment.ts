import type { CommitState, DeploymentState } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { ArrayContains, In, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { isPending, reportStatus, statusContext } from './commit-statuses.js';
import type { CommitStatusKey } from './commit-statuses.js';
import { wordOf } from './deployment-word.rules.js';
import type { DeploymentWord } from './deployment-word.rules.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import type { ProjectEntity } from '../project/project.entity.js';

/** The states in which somebody may still build. */
export const openStates = ['queued', 'in_progress'] as const satisfies readonly DeploymentState[];

/** The states of a deployment that is built, or will be. */
export const standingStates = [...openStates, 'success'] as const satisfies readonly DeploymentState[];

/** Whether somebody may still build it. */
export function isOpen({ state }: Pick<DeploymentEntity, 'state'>): boolean {
  return openStates.some((open) => open === state);
}

/** Whether it is built, or will be. */
export function isStanding({ state }: Pick<DeploymentEntity, 'state'>): boolean {
  return standingStates.some((standing) => standing === state);
}

/** The commit of a deployment, and later ones that changed nothing. */
export function commitsOf({ commit, laterCommits }: Pick<DeploymentEntity, 'commit' | 'laterCommits'>): string[] {
  return [commit, ...laterCommits];
}

export interface DeploymentAddresses {
  /** Where people read a deployment's log. */
  readonly deploymentPage: (deploymentId: string) => string;
  readonly previewUrl: (id: string) => string;
}

/** Whose deployments are spoken of, and where it is written down. */
export interface Reporting {
  readonly db: EntityManager;
  readonly project: ProjectEntity;
  readonly addresses: DeploymentAddresses;
  /** Gathers the keys that the caller enqueues once its transaction is committed. */
  readonly statuses: CommitStatusKey[];
}

type Deployment = Pick<DeploymentEntity, 'id' | 'commit' | 'environment'>;

/** Writes what is to be said of a deployment into the outbox: `build`, and for previews `preview` with the address. */
export async function report(
  reporting: Reporting,
  deployment: Deployment,
  state: CommitState,
  description: string,
): Promise<void> {
  const said = { commit: deployment.commit, state, description };
  for (const check of checksOf(deployment)) await say(reporting, check, deployment.id, said);
}

/** Says what a deployment has come to, of its commits or of some of them. What was said before is dropped. */
export async function reportWord(
  reporting: Reporting,
  deployment: DeploymentEntity,
  commits: readonly string[] = commitsOf(deployment),
): Promise<void> {
  const { id, environment } = deployment;
  for (const commit of commits) {
    const word = wordOf(deployment, commit);
    if (word) await report(reporting, { id, environment, commit }, word.state, word.description);
  }
}

/** Whether a commit still waits to hear how a deployment ends that has ended. */
export async function isUnheard(
  { db, project, addresses }: Reporting,
  deployment: DeploymentEntity,
  commit: string,
): Promise<boolean> {
  if (isOpen(deployment)) return false;
  const key = { repositoryId: project.repositoryId, commit, context: statusContext(project.name, 'build') };
  return isPending(db, key, addresses.deploymentPage(deployment.id));
}

/**
 * Gives the commits of a deployment that was ended their last word. A context carries project and commit, and no ref: where
 * another deployment of the same content stands, an earlier one or another ref's, its word stays the last (P7).
 */
export async function reportEnded(reporting: Reporting, ended: DeploymentEntity, reason: string): Promise<void> {
  for (const commit of commitsOf(ended)) {
    for (const check of checksOf(ended)) {
      const other = await standingBeside(reporting, ended, commit, check);
      const word = (other && wordOf(other, commit)) ?? { state: 'error', description: reason };
      await say(reporting, check, other?.id ?? ended.id, { commit, ...word });
    }
  }
}

/** Tells the organization's people that a deployment changed. */
export async function announceDeployment(
  { db, project }: Pick<Reporting, 'db' | 'project'>,
  id: string,
): Promise<void> {
  await publishLiveEvent(db, project.organizationId, { type: 'deployment', id, projectId: project.id });
}

type Check = 'build' | 'preview';

function checksOf({ environment }: Deployment): readonly Check[] {
  return environment === 'preview' ? ['build', 'preview'] : ['build'];
}

/** The newest other deployment of the same content that is built, or will be. */
function standingBeside(
  { db }: Reporting,
  { id, projectId, tree }: DeploymentEntity,
  commit: string,
  check: Check,
): Promise<DeploymentEntity | null> {
  const other = {
    ...{ id: Not(id), projectId, tree, state: In(standingStates) },
    ...(check === 'preview' && { environment: check }),
  };
  return db.findOne(DeploymentEntity, {
    where: [
      { ...other, commit },
      { ...other, laterCommits: ArrayContains([commit]) },
    ],
    order: { id: 'DESC' },
  });
}

async function say(
  { db, project, addresses, statuses }: Reporting,
  check: Check,
  deploymentId: string,
  { commit, ...word }: DeploymentWord & { readonly commit: string },
): Promise<void> {
  const targets = { build: addresses.deploymentPage, preview: addresses.previewUrl };
  const key = { repositoryId: project.repositoryId, commit, context: statusContext(project.name, check) };
  await reportStatus(db, { ...key, ...word, targetUrl: targets[check](deploymentId) });
  statuses.push(key);
}
