import { jobs } from '@reunite/contracts';
import type { JobProducer } from '@reunite/queueing';
import { sweepCommitRequests } from '@reunite/repositories';
import type { DataSource } from 'typeorm';

export interface SweepSettings {
  readonly reconcileIntervalSeconds: number;
}

const BATCH = 500;
/** Work younger than this has its job, most likely. */
const GRACE = `interval '20 seconds'`;
/** Promoted, and nobody has looked yet whether its site is there; once somebody has, it may be built like any other. */
const PROMOTABLE = `state = 'queued' AND trigger = 'promote'`;
/** Its site is being copied, most likely; built as well, it would be put in place twice. */
const COPIED = `trigger = 'promote' AND started_at > now() - ${GRACE}`;

/**
 * Finds work that no job stands for, because a process died between its commit and its enqueue, the queue lost its data,
 * or a job failed for good while the server was away. Jobs have keys: what is queued already is not queued twice, so any
 * number of replicas may sweep.
 */
export class Sweeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly settings: SweepSettings,
  ) {}

  async sweep(): Promise<void> {
    await this.producer.addMany(
      jobs.processDelivery,
      await this.find<{ deliveryId: string }>(
        `SELECT id AS "deliveryId" FROM delivery
         WHERE processed_at IS NULL AND failed_at IS NULL AND received_at < now() - ${GRACE} ORDER BY received_at`,
      ),
    );
    await this.producer.addMany(
      jobs.syncRef,
      await this.find<{ refId: string }>(
        // What failed is the reconciler's, at its slower pace: a repository that is too large would be fetched all the time.
        `SELECT id AS "refId" FROM git_ref
         WHERE synced_generation < generation AND error IS NULL AND updated_at < now() - ${GRACE} ORDER BY updated_at`,
      ),
    );
    await this.producer.addMany(
      jobs.buildDeployment,
      await this.find<{ deploymentId: string; preview: boolean }>(
        `SELECT id AS "deploymentId", environment = 'preview' AS preview FROM deployment
         WHERE state IN ('queued', 'in_progress') AND NOT (${PROMOTABLE})
           AND (${COPIED}) IS NOT TRUE AND created_at < now() - ${GRACE} ORDER BY preview, created_at`,
      ),
    );
    await this.producer.addMany(
      jobs.promoteDeployment,
      await this.find<{ deploymentId: string }>(
        `SELECT id AS "deploymentId" FROM deployment
         WHERE ${PROMOTABLE} AND created_at < now() - ${GRACE} ORDER BY created_at`,
      ),
    );
    await this.producer.addMany(
      jobs.planProject,
      await this.find<{ projectId: string }>(
        `SELECT id AS "projectId" FROM project
         WHERE planned_generation < settings_generation AND updated_at < now() - ${GRACE} ORDER BY updated_at`,
      ),
    );
    await this.producer.addMany(
      jobs.checkDeployment,
      await this.find<{ deploymentId: string }>(
        `SELECT deployment_id AS "deploymentId" FROM deployment_check JOIN deployment ON deployment.id = deployment_id
         WHERE deployment_check.state = 'pending' AND deployment.state NOT IN ('queued', 'in_progress')
           AND deployment.finished_at < now() - ${GRACE} ORDER BY deployment_check.created_at`,
      ),
    );
    await this.producer.addMany(
      jobs.sendCommitStatuses,
      await this.find<{ repositoryId: string; commit: string; context: string }>(
        // Of each repository as many, others every time: a server that is away must keep nobody's last word, nor its own.
        `SELECT repository_id AS "repositoryId", commit, context FROM (
           SELECT DISTINCT repository_id, commit, context FROM commit_status
           WHERE settled_at IS NULL AND created_at < now() - ${GRACE}
         ) waiting ORDER BY row_number() OVER (PARTITION BY repository_id ORDER BY random())`,
      ),
    );
    await this.producer.addMany(jobs.reconcileRepository, await this.dueForReconciliation());
    await sweepCommitRequests(this.dataSource.manager);
  }

  private find<Row>(query: string): Promise<Row[]> {
    return this.dataSource.query<Row[]>(`${query} LIMIT ${BATCH}`);
  }

  /** Claims what is due: with several replicas, each repository is compared once per interval. */
  private async dueForReconciliation(): Promise<{ repositoryId: string }[]> {
    const [claimed] = await this.dataSource.query<[{ repositoryId: string }[], number]>(
      `UPDATE repository SET reconciled_at = now() WHERE id IN (
         SELECT repository.id FROM repository
         WHERE available AND reconciled_at < now() - make_interval(secs => $1)
           AND EXISTS (SELECT 1 FROM project WHERE repository_id = repository.id)
         ORDER BY reconciled_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
       ) RETURNING id AS "repositoryId"`,
      [this.settings.reconcileIntervalSeconds],
    );
    return claimed;
  }
}
