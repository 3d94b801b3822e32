import type { CollectedContent, ContentStore } from '@reunite/content-store';
import { deleteOldActivity, deleteOldIdempotencyKeys } from '@reunite/database';
import { createDeliveryPartitions, deleteOldDeliveries, limitDeliverySize } from '@reunite/deliveries';
import {
  contentRoots,
  deleteOldCheckRuns,
  deleteOldStatuses,
  deploymentsWithoutSite,
  deleteDetails,
  expireDeployments,
} from '@reunite/deployments';
import type { RetentionSettings } from '@reunite/deployments';
import type { Logger } from '@reunite/platform';
import { claimCollections, deleteGoneRefs, forgetRefs, unconnectedRepositories } from '@reunite/repositories';
import type { DataSource, EntityManager } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import { buildFolders, removeOldFolders } from '../builds/build-folders.js';
import { PageCaches } from '../builds/page-caches.js';
import type { Config } from '../config.js';
import type { WorkerResources } from '../resources.js';

export interface WorkerRetentionSettings extends RetentionSettings {
  /** Retention of deliveries, in days, and their maximum size, in bytes. */
  readonly deliveryDays: number;
  readonly deliveryBytes: number;
  /** Retention of sent statuses and of logs of deployments without a site, in days. */
  readonly recordDays: number;
  /** Retention of the activity log, in days. */
  readonly activityDays: number;
  /** Time for which unreachable content is kept, in hours. */
  readonly contentGraceHours: number;
  /** Folder of files in Git LFS for running builds. */
  readonly lfsFolder: string;
}

const BATCH = 1_000;
/** A half-written file that is older has no writer. */
const LEFTOVER_MS = 24 * 60 * 60 * 1_000;

/** Age at which the row of a branch that the server no longer has is removed. A later delivery adds it again. */
const GONE_REF_DAYS = 1;

type DeleteBatch = (db: EntityManager, batch: { readonly days: number; readonly limit: number }) => Promise<number>;

const HOUR_MS = 60 * 60 * 1_000;

const RECORDS: readonly DeleteBatch[] = [deleteOldStatuses, deleteOldCheckRuns, deleteOldIdempotencyKeys];

/** Creates the retention of a worker from its configuration. */
export function openRetention(config: Config, resources: WorkerResources): Retention {
  const { dataSource, content, artifacts, logger } = resources;
  const folders = buildFolders(config);
  const caches = new PageCaches(folders.pageCaches, dataSource);
  return new Retention(dataSource, content, artifacts, caches, logger, {
    lfsFolder: folders.lfsFiles,
    previewDays: config.PREVIEW_RETENTION_DAYS,
    supersededPreviewDays: config.SUPERSEDED_PREVIEW_RETENTION_DAYS,
    productions: config.PRODUCTION_RETENTION_COUNT,
    deliveryDays: config.DELIVERY_RETENTION_DAYS,
    deliveryBytes: config.DELIVERY_RETENTION_BYTES,
    recordDays: config.RECORD_RETENTION_DAYS,
    activityDays: config.ACTIVITY_RETENTION_DAYS,
    contentGraceHours: config.CONTENT_GRACE_HOURS,
  });
}

/**
 * Removes what is no longer needed. The database decides, and its rows are deleted before files: the next run finds the
 * files that an interrupted run left. Any number of replicas may run it.
 */
export class Retention {
  constructor(
    private readonly dataSource: DataSource,
    private readonly content: ContentStore,
    private readonly artifacts: ArtifactStore,
    private readonly caches: PageCaches,
    private readonly logger: Logger,
    private readonly settings: WorkerRetentionSettings,
  ) {}

  async run(): Promise<void> {
    const leftover = new Date(Date.now() - LEFTOVER_MS);
    const steps = {
      partitions: () => createDeliveryPartitions(this.dataSource.manager),
      deployments: () => this.expireDeployments(),
      artifacts: () => this.removeArtifacts(),
      packs: () => this.collectPacks(leftover),
      content: () => this.removeContent(),
      objects: () => this.collectContent(),
      details: () => deleteDetails(this.dataSource.manager, this.settings.recordDays),
      deliveries: () => this.deleteDeliveries(),
      records: () => this.deleteRecords(),
      refs: () => this.deleteBatches(deleteGoneRefs, GONE_REF_DAYS),
      activity: () => this.deleteBatches(deleteOldActivity, this.settings.activityDays),
      leftovers: () => Promise.all([this.artifacts.removeLeftovers(leftover), this.content.removeLeftovers(leftover)]),
      lfsFiles: () => removeOldFolders(this.settings.lfsFolder, leftover),
      caches: () => this.caches.removeAbandoned(leftover),
    };
    for (const [step, run] of Object.entries(steps)) {
      await run().catch((error: unknown) => this.logger.warn({ err: error, step }, 'retention step failed'));
    }
  }

  private async expireDeployments(): Promise<void> {
    let expired: string[];
    do {
      expired = await expireDeployments(this.dataSource.manager, this.settings);
      for (const id of expired) await this.artifacts.remove(id);
    } while (expired.length > 0);
  }

  /** Removes artifacts whose project was deleted, or whose process died before it removed them. */
  private async removeArtifacts(): Promise<void> {
    // Listed before the rows are read: artifacts of newer deployments are not in the list.
    const ids = await this.artifacts.list();
    for (let at = 0; at < ids.length; at += BATCH) {
      const unneeded = await deploymentsWithoutSite(this.dataSource.manager, ids.slice(at, at + BATCH));
      for (const id of unneeded) await this.artifacts.remove(id);
    }
  }

  private async collectPacks(before: Date): Promise<void> {
    const { removed, removedBytes } = await this.artifacts.collectGarbage(before);
    if (removed > 0) this.logger.info({ packs: removed, bytes: removedBytes }, 'unused packs of sites removed');
  }

  private async removeContent(): Promise<void> {
    const ids = await unconnectedRepositories(this.dataSource.manager, await this.content.repositories(), {
      graceHours: this.settings.contentGraceHours,
    });
    for (const id of ids) {
      // In the transaction, which keeps projects from being connected until the content is gone.
      await this.dataSource.transaction(async (db) => {
        if (await forgetRefs(db, id)) await this.content.removeRepository(id);
      });
    }
  }

  /** Each repository less than once per grace period, because a run does what the one before has marked. */
  private async collectContent(): Promise<void> {
    const { manager } = this.dataSource;
    const hours = this.settings.contentGraceHours;
    for (const id of await claimCollections(manager, await this.content.repositories(), { hours: hours + 1 })) {
      try {
        const collected = await collectRepository(manager, this.content, id, hours);
        const isChanged = Object.values(collected).some((count: number) => count > 0);
        if (isChanged) this.logger.info({ repositoryId: id, ...collected }, 'content collected');
      } catch (error) {
        this.logger.warn({ err: error, repositoryId: id }, 'content not collected');
      }
    }
  }

  private async deleteDeliveries(): Promise<void> {
    await this.deleteBatches(deleteOldDeliveries, this.settings.deliveryDays);
    const dropped = await limitDeliverySize(this.dataSource.manager, this.settings.deliveryBytes);
    if (dropped > 0) this.logger.warn({ weeks: dropped }, 'deliveries dropped before their retention: too large');
  }

  private async deleteRecords(): Promise<void> {
    for (const deleteBatch of RECORDS) await this.deleteBatches(deleteBatch, this.settings.recordDays);
  }

  private async deleteBatches(deleteBatch: DeleteBatch, days: number): Promise<void> {
    let deleted: number;
    do deleted = await deleteBatch(this.dataSource.manager, { days, limit: BATCH });
    while (deleted === BATCH);
  }
}

/** Removes the content of a repository that was unreachable before the grace period, see `RepositoryObjects.collect`. */
export async function collectRepository(
  db: EntityManager,
  content: ContentStore,
  repositoryId: string,
  graceHours: number,
): Promise<CollectedContent> {
  const roots = await contentRoots(db, repositoryId);
  return content.repository(repositoryId).collect({ before: new Date(Date.now() - graceHours * HOUR_MS), roots });
}
