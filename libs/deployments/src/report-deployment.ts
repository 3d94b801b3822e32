import type { CommitState } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import type { EntityManager } from 'typeorm';
import { reportStatus, statusContext } from './commit-statuses.js';
import type { CommitStatusKey } from './commit-statuses.js';
import type { DeploymentEntity } from './deployment.entity.js';
import type { ProjectEntity } from './project.entity.js';

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

/** Writes what is to be said of a deployment into the outbox: `build`, and for previews `preview` with the address. */
export async function report(
  { db, project, addresses, statuses }: Reporting,
  deployment: Pick<DeploymentEntity, 'id' | 'commit' | 'environment'>,
  state: CommitState,
  description: string,
): Promise<void> {
  const targets = { build: addresses.deploymentPage(deployment.id), preview: addresses.previewUrl(deployment.id) };
  const checks = deployment.environment === 'preview' ? (['build', 'preview'] as const) : (['build'] as const);
  for (const check of checks) {
    const context = statusContext(project.name, check);
    const key = { repositoryId: project.repositoryId, commit: deployment.commit, context };
    await reportStatus(db, { ...key, state, description, targetUrl: targets[check] });
    statuses.push(key);
  }
}

/** Tells the organization's people that a deployment changed. */
export async function announceDeployment(
  { db, project }: Pick<Reporting, 'db' | 'project'>,
  id: string,
): Promise<void> {
  await publishLiveEvent(db, project.organizationId, { type: 'deployment', id, projectId: project.id });
}
