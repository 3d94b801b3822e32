import { claimOverdueConnections, overdueSelfTests } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import { carryOverDeliveries, claimOverdueRecoveries, overdueShards } from '@reunite/deliveries';
import {
  overdueBuilds,
  overdueCheckRuns,
  overdueChecks,
  overdueComments,
  overduePlans,
  overduePromotions,
  overdueStatuses,
} from '@reunite/deployments';
import type { JobProducer } from '@reunite/queueing';
import {
  claimOverdueRepositories,
  deleteExpiredUploads,
  deleteOldCommitRequests,
  overdueRefs,
} from '@reunite/repositories';
import type { DataSource, EntityManager } from 'typeorm';
import type { z } from 'zod';

export interface SweepSettings {
  readonly reconcileIntervalSeconds: number;
  readonly refreshIntervalSeconds: number;
  readonly recoveryIntervalSeconds: number;
}

const LIMIT = 500;
/** Younger work most likely still has its job. */
const GRACE_SECONDS = 20;

type Producer = Pick<JobProducer, 'addMany'>;
type Sweep = (db: EntityManager, producer: Producer) => Promise<void>;

/** Pairs a job with the query for the rows whose job was lost. Types check that the rows are payloads of the job. */
function sweep<J extends JobDefinition>(
  job: J,
  query: (
    db: EntityManager,
    window: { readonly graceSeconds: number; readonly limit: number },
  ) => Promise<z.input<J['payload']>[]>,
): Sweep {
  return async (db, producer) => producer.addMany(job, await query(db, { graceSeconds: GRACE_SECONDS, limit: LIMIT }));
}

const SWEEPS: readonly Sweep[] = [
  sweep(jobs.processInbox, overdueShards),
  sweep(jobs.syncRef, overdueRefs),
  sweep(jobs.buildDeployment, overdueBuilds),
  sweep(jobs.promoteDeployment, overduePromotions),
  sweep(jobs.planProject, overduePlans),
  sweep(jobs.checkDeployment, overdueChecks),
  sweep(jobs.sendCommitStatuses, overdueStatuses),
  sweep(jobs.updatePullRequestComment, overdueComments),
  sweep(jobs.updateCheckRun, overdueCheckRuns),
];

/**
 * Re-enqueues rows whose job was lost: a process died between commit and enqueue, the queue lost its data, or the job failed
 * while the server was unreachable. Any number of replicas may sweep, because a queued job's key is not queued twice.
 */
export class Sweeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly producer: Producer,
    private readonly settings: SweepSettings,
  ) {}

  async sweep(): Promise<void> {
    const { manager } = this.dataSource;
    while ((await carryOverDeliveries(manager, LIMIT)) === LIMIT);
    for (const run of SWEEPS) await run(manager, this.producer);
    const due = { intervalSeconds: this.settings.reconcileIntervalSeconds, limit: LIMIT };
    await this.producer.addMany(jobs.testConnection, await overdueSelfTests(manager, { limit: LIMIT }));
    await this.producer.addMany(jobs.reconcileRepository, await claimOverdueRepositories(manager, due));
    const dueRefreshes = { intervalSeconds: this.settings.refreshIntervalSeconds, limit: LIMIT };
    await this.producer.addMany(jobs.refreshConnection, await claimOverdueConnections(manager, dueRefreshes));
    const dueRecoveries = { intervalSeconds: this.settings.recoveryIntervalSeconds, limit: LIMIT };
    await this.producer.addMany(jobs.recoverDeliveries, await claimOverdueRecoveries(manager, dueRecoveries));
    await deleteOldCommitRequests(manager);
    await deleteExpiredUploads(manager);
  }
}
