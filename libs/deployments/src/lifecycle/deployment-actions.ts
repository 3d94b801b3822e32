import { ConflictError, jobs, newId, NotFoundError } from '@reunite/contracts';
import type { Actor } from '@reunite/contracts';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { copyChecks, queueChecks, restartLint } from '../checks/deployment-checks.js';
import { updateStatuses } from '../statuses/status-outbox.js';
import type { DeploymentWork } from '../statuses/deployment-unit-of-work.js';
import { cancelOpenDeployments } from './cancel-deployments.js';
import { publishDeployment } from './deployment-events.js';
import { commitsOf, coveredCommits, OPEN_STATES } from './deployment-states.rules.js';
import { DeploymentEntity } from './deployment.entity.js';
import { lockDeployment } from './lock-deployment.js';
import type { LockedDeployment } from './lock-deployment.js';

/**
 * Builds the commit of a deployment again. Until that is finished, the current deployment stays visible.
 *
 * @returns the new deployment
 * @throws ConflictError if its ref is no longer deployed, or is being deployed
 */
export async function redeploy(work: DeploymentWork, id: string, actor: Actor): Promise<DeploymentEntity> {
  const { db, afterCommit } = work;
  const { project, deployment } = await lockExisting(db, id);
  const { environment, refName, closed } = deployment;
  const preview = environment === 'preview';
  if (preview && closed) {
    throw new ConflictError('Its branch or pull request is no longer previewed. Open the pull request again.');
  }
  const running = await db.findOneBy(DeploymentEntity, {
    projectId: project.id,
    environment,
    state: In(OPEN_STATES),
    ...(preview && { refName }),
  });
  if (running) {
    const commit = running.commit.slice(0, 7);
    throw new ConflictError(`${commit} is being deployed there. Wait until it has finished, or cancel it.`);
  }
  const created = await insertCopy(db, deployment, { environment, trigger: 'redeploy', actor });
  await queueChecks(db, created);
  await updateStatuses(work, project, commitsOf(created));
  await publishDeployment(db, project, created.id);
  afterCommit.enqueue(jobs.buildDeployment, { deploymentId: created.id, preview });
  return created;
}

/**
 * Publishes the site of a deployment to production: a preview, or an earlier production, which is a rollback. Other
 * deployments on their way to production are cancelled. The next push that changes the folder deploys as usual.
 *
 * @returns the new deployment
 * @throws ConflictError if the deployment never succeeded, or is current in production
 */
export async function promote(work: DeploymentWork, id: string, actor: Actor): Promise<DeploymentEntity> {
  const { db, afterCommit } = work;
  const { project, deployment } = await lockExisting(db, id);
  const { commit, current, pages } = deployment;
  const environment = 'production';
  if (deployment.environment === environment && current) {
    throw new ConflictError('Production shows this deployment already.');
  }
  // If its files were removed (branch deleted or preview expired), the promotion builds them again.
  if (pages === null) throw new ConflictError('Only a deployment that succeeded can be promoted.');
  const reason = `Superseded: ${actor.name} promoted ${commit.slice(0, 7)}`;
  const superseded = await cancelOpenDeployments(db, project, { environment }, reason);
  const created = await insertCopy(db, deployment, { environment, trigger: 'promote', actor });
  if (await restartLint(db, id)) afterCommit.enqueue(jobs.checkDeployment, { deploymentId: id });
  await copyChecks(db, id, created);
  await updateStatuses(work, project, [...superseded.flatMap(coveredCommits), ...commitsOf(created)]);
  await publishDeployment(db, project, created.id);
  afterCommit.enqueue(jobs.promoteDeployment, { deploymentId: created.id });
  return created;
}

/**
 * Cancels a queued or running deployment. The current deployment stays visible.
 *
 * @throws ConflictError if it has finished
 */
export async function cancelDeployment(work: DeploymentWork, id: string, actor: Actor): Promise<DeploymentEntity> {
  const { db } = work;
  const { project } = await lockExisting(db, id);
  const [cancelled] = await cancelOpenDeployments(db, project, { id }, `Cancelled by ${actor.name}`);
  if (!cancelled) throw new ConflictError('The deployment has already finished.');
  await updateStatuses(work, project, coveredCommits(cancelled));
  return db.findOneByOrFail(DeploymentEntity, { id });
}

async function lockExisting(db: EntityManager, id: string): Promise<LockedDeployment> {
  const locked = await lockDeployment(db, id);
  if (!locked) throw new NotFoundError('The deployment no longer exists.');
  return locked;
}

/**
 * Inserts a deployment of the same content. It covers the same commits, so that a plan finds it and does not deploy
 * a cancelled commit again. It keeps the generation, so that the next state of the ref supersedes it.
 */
async function insertCopy(
  db: EntityManager,
  { id: sourceId, projectId, refName, commit, laterCommits, tree, generation }: DeploymentEntity,
  change: Pick<DeploymentEntity, 'environment' | 'trigger'> & { readonly actor: Actor },
): Promise<DeploymentEntity> {
  const { actor, environment, trigger } = change;
  const id = newId('deployment');
  await db.insert(DeploymentEntity, {
    id,
    projectId,
    environment,
    refName,
    commit,
    laterCommits,
    tree,
    generation,
    state: 'queued',
    trigger,
    triggeredBySubject: actor.subject,
    triggeredByName: actor.name,
    sourceId,
  });
  return db.findOneByOrFail(DeploymentEntity, { id });
}
