import { jobs } from '@reunite/contracts';
import type { DeploymentEffects } from '@reunite/deployments';
import type { JobProducer } from '@reunite/queueing';
import type { Logger } from '@reunite/platform';
import type { ArtifactStore } from '../builds/artifact-store.js';

/** What a transaction leaves to be done once it is committed. */
export interface Effects extends DeploymentEffects {
  readonly syncs: string[];
  readonly refreshes: string[];
  /** Pull requests that the server is to be asked about. */
  readonly pulls: { readonly repositoryId: string; readonly number: number }[];
  /** Deployments to be checked. */
  readonly checks: string[];
}

export function noEffects(): Effects {
  return { syncs: [], refreshes: [], pulls: [], checks: [], builds: [], statuses: [], removed: [] };
}

/**
 * Enqueues what committed transactions left to be done. What is lost here, because the process dies or the queue is
 * away, the sweeps find again.
 */
export class QueuedEffects {
  constructor(
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly artifacts: ArtifactStore,
    private readonly logger: Logger,
  ) {}

  async enqueue(effects: Partial<Effects>): Promise<void> {
    const { syncs = [], refreshes = [], pulls = [], checks = [], builds = [], statuses = [], removed = [] } = effects;
    try {
      await this.producer.addMany(
        jobs.syncRef,
        [...new Set(syncs)].map((refId) => ({ refId })),
      );
      await this.producer.addMany(
        jobs.refreshConnection,
        [...new Set(refreshes)].map((connectionId) => ({ connectionId })),
      );
      await this.producer.addMany(jobs.mirrorPullRequest, pulls);
      await this.producer.addMany(jobs.sendCommitStatuses, statuses);
      await this.producer.addMany(jobs.buildDeployment, builds);
      await this.producer.addMany(
        jobs.checkDeployment,
        checks.map((deploymentId) => ({ deploymentId })),
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'the queue is away; the next sweep enqueues what was left');
    }
    for (const id of removed) await this.artifacts.remove(id);
  }
}
