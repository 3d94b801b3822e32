import { ConflictError, newId } from '@reunite/contracts';
import type { Actor } from '@reunite/contracts';
import { In } from 'typeorm';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { queueChecks, takeChecks } from '../checks/deployment-checks.js';
import { DeploymentEntity } from './deployment.entity.js';
import { endDeployments } from './end-deployments.js';
import { ProjectEntity } from '../project/project.entity.js';
import { announceDeployment, openStates, reportWord } from '../statuses/report-deployment.js';
import type { Reporting } from '../statuses/report-deployment.js';

/** What people ask of a deployment; `statuses` gathers what the caller enqueues once its transaction is committed. */
export interface Asked extends Pick<Reporting, 'addresses' | 'statuses'> {
  readonly actor: Actor;
}

/**
 * Deploys the commit of a deployment once more, built anew. Until that is done, what is shown stays.
 *
 * @returns the new deployment, for which the caller enqueues the build
 * @throws ConflictError where its ref is not deployed any more, or is being deployed now
 */
export async function redeploy(db: EntityManager, id: string, asked: Asked): Promise<DeploymentEntity> {
  const { reporting, deployment } = await hold(db, id, asked);
  const { environment, refName, closed } = deployment;
  if (environment === 'preview' && closed) {
    throw new ConflictError('Its branch or pull request is not previewed any more. Open the pull request again.');
  }
  const running = await openOne(reporting, environment === 'preview' ? { environment, refName } : { environment });
  if (running) {
    throw new ConflictError(
      `${running.commit.slice(0, 7)} is being deployed there now. Wait until that has ended, or cancel it.`,
    );
  }
  const made = await insert(reporting, deployment, { environment, trigger: 'redeploy', actor: asked.actor });
  await reportWord(reporting, made);
  await queueChecks(reporting, made);
  await announceDeployment(reporting, made.id);
  return made;
}

/**
 * Makes production what a deployment shows: a preview, or an earlier production, which is a rollback. Whatever is on its
 * way to production now ends; the next push to the production branch that changes the folder goes on from there.
 *
 * @returns the new deployment, for which the caller enqueues the promotion
 * @throws ConflictError where it never succeeded, or is what production shows
 */
export async function promote(db: EntityManager, id: string, asked: Asked): Promise<DeploymentEntity> {
  const { reporting, deployment } = await hold(db, id, asked);
  const { environment, commit, current, pages } = deployment;
  if (environment === 'production' && current) throw new ConflictError('Production shows this deployment already.');
  // One whose files are gone, with its branch or by age, is built again; one that never succeeded has nothing to show.
  if (pages === null) throw new ConflictError('Only a deployment that succeeded can be promoted.');
  const production = { environment: 'production', state: In(openStates) } as const;
  const reason = `Superseded: ${asked.actor.name} promoted ${commit.slice(0, 7)}`;
  await endDeployments(reporting, production, { state: 'skipped', reason });
  const made = await insert(reporting, deployment, {
    environment: 'production',
    trigger: 'promote',
    actor: asked.actor,
  });
  await reportWord(reporting, made);
  await takeChecks(db, id, made);
  await announceDeployment(reporting, made.id);
  return made;
}

/**
 * Ends a deployment that is queued or running; what is shown stays.
 *
 * @throws ConflictError where it has ended
 */
export async function cancelDeployment(db: EntityManager, id: string, asked: Asked): Promise<DeploymentEntity> {
  const { reporting } = await hold(db, id, asked);
  const reason = `Cancelled by ${asked.actor.name}`;
  const ended = await endDeployments(reporting, { id, state: In(openStates) }, { state: 'skipped', reason });
  if (ended.length === 0) throw new ConflictError('It has ended already.');
  return db.findOneByOrFail(DeploymentEntity, { id });
}

/** Project before deployment, as everywhere. */
async function hold(
  db: EntityManager,
  id: string,
  { addresses, statuses }: Asked,
): Promise<{ reporting: Reporting; deployment: DeploymentEntity }> {
  const { projectId } = await db.findOneByOrFail(DeploymentEntity, { id });
  const project = await db.findOneOrFail(ProjectEntity, {
    where: { id: projectId },
    lock: { mode: 'pessimistic_write' },
  });
  return {
    reporting: { db, project, addresses, statuses },
    deployment: await db.findOneByOrFail(DeploymentEntity, { id }),
  };
}

function openOne(
  { db, project }: Reporting,
  where: FindOptionsWhere<DeploymentEntity>,
): Promise<DeploymentEntity | null> {
  return db.findOneBy(DeploymentEntity, { ...where, projectId: project.id, state: In(openStates) });
}

/**
 * A new deployment of the same content, for all commits that share it: what a person cancels must not come back for a later
 * one. It keeps the generation: whatever its ref moves to later is newer.
 */
async function insert(
  { db }: Reporting,
  { id: sourceId, projectId, refName, commit, laterCommits, tree, generation }: DeploymentEntity,
  how: Pick<DeploymentEntity, 'environment' | 'trigger'> & Pick<Asked, 'actor'>,
): Promise<DeploymentEntity> {
  const { actor, environment, trigger } = how;
  const id = newId('deployment');
  const content = { projectId, environment, refName, commit, laterCommits, tree, generation, sourceId, trigger };
  const by = { triggeredBySubject: actor.subject, triggeredByName: actor.name };
  await db.insert(DeploymentEntity, { ...content, ...by, id, state: 'queued' });
  return db.findOneByOrFail(DeploymentEntity, { id });
}
