import type { ContentStore } from '@reunite/content-store';
import { deleteDetails, expireDeployments } from '@reunite/deployments';
import type { RetentionSettings } from '@reunite/deployments';
import type { Logger } from '@reunite/platform';
import type { DataSource } from 'typeorm';
import { ArtifactStore } from '../builds/artifact-store.js';
import { PageCaches } from '../builds/page-caches.js';
import type { Config } from '../config.js';
import type { WorkerResources } from '../resources.js';

export interface KeepSettings extends RetentionSettings {
  /** Deliveries that have had their effect, statuses that are settled, logs and findings of what shows nothing. */
  readonly recordDays: number;
}

const BATCH = 1_000;
/** What is half written belongs to somebody for this long. */
const LEFTOVER_MS = 24 * 60 * 60 * 1_000;

/** The retention of a worker, as it is configured. */
export function openRetention(config: Config, { dataSource, content, logger }: WorkerResources): Retention {
  const artifacts = new ArtifactStore(config.ARTIFACTS_URL);
  return new Retention(dataSource, content, artifacts, new PageCaches(config.ARTIFACTS_URL, dataSource), logger, {
    previewDays: config.PREVIEW_RETENTION_DAYS,
    supersededPreviewDays: config.SUPERSEDED_PREVIEW_RETENTION_DAYS,
    productions: config.PRODUCTION_RETENTION_COUNT,
    recordDays: config.RECORD_RETENTION_DAYS,
  });
}

/**
 * Removes what nobody needs any more. Everything is judged by the database, where rows go first: what a run leaves because
 * its process died, the next one finds. Any number of replicas may run it.
 */
export class Retention {
  constructor(
    private readonly dataSource: DataSource,
    private readonly content: ContentStore,
    private readonly artifacts: ArtifactStore,
    private readonly caches: PageCaches,
    private readonly logger: Logger,
    private readonly settings: KeepSettings,
  ) {}

  async run(): Promise<void> {
    const leftover = new Date(Date.now() - LEFTOVER_MS);
    const steps = {
      deployments: () => this.expireDeployments(),
      artifacts: () => this.removeArtifacts(),
      content: () => this.removeContent(),
      details: () => deleteDetails(this.dataSource.manager, this.settings.recordDays),
      records: () => this.removeRecords(),
      leftovers: () => Promise.all([this.artifacts.removeLeftovers(leftover), this.content.removeLeftovers(leftover)]),
      caches: () => this.caches.removeAbandoned(leftover),
    };
    for (const [step, run] of Object.entries(steps)) {
      await run().catch((error: unknown) => this.logger.warn({ err: error, step }, 'a part of the retention failed'));
    }
  }

  private async expireDeployments(): Promise<void> {
    let expired: string[];
    do {
      expired = await expireDeployments(this.dataSource.manager, this.settings);
      for (const id of expired) await this.artifacts.remove(id);
    } while (expired.length > 0);
  }

  /** Of deployments that nobody can see: their project was deleted, or a process died before it removed them. */
  private async removeArtifacts(): Promise<void> {
    const ids = await this.artifacts.list();
    for (let at = 0; at < ids.length; at += BATCH) {
      const some = ids.slice(at, at + BATCH);
      // Listed before they are looked up: what is made in between is not in the list.
      const seen = await this.dataSource.query<{ id: string }[]>(
        `SELECT id FROM deployment WHERE id = ANY($1) AND state IN ('queued', 'in_progress', 'success')`,
        [some],
      );
      const kept = new Set(seen.map(({ id }) => id));
      for (const id of some.filter((one) => !kept.has(one))) await this.artifacts.remove(id);
    }
  }

  private async removeContent(): Promise<void> {
    const ids = await this.content.repositories();
    const needed = await this.dataSource.query<{ id: string }[]>(
      'SELECT DISTINCT repository_id AS id FROM project WHERE repository_id = ANY($1)',
      [ids],
    );
    const kept = new Set(needed.map(({ id }) => id));
    for (const id of ids.filter((one) => !kept.has(one))) {
      await this.dataSource.transaction(async (db) => {
        // Nobody connects a project to it until its content is gone, and with it what says that it is held.
        const [row] = await db.query<{ used: boolean }[]>(
          `SELECT EXISTS (SELECT 1 FROM project WHERE repository_id = repository.id) AS used
           FROM repository WHERE id = $1 FOR UPDATE`,
          [id],
        );
        if (row?.used) return;
        await db.query('DELETE FROM git_ref WHERE repository_id = $1', [id]);
        await db.query(`UPDATE repository SET reconciled_at = 'epoch' WHERE id = $1`, [id]);
        await this.content.removeRepository(id);
      });
    }
  }

  private async removeRecords(): Promise<void> {
    const settled = `received_at < now() - make_interval(days => $1) AND (processed_at IS NOT NULL OR failed_at IS NOT NULL)`;
    await this.removeRows(`delivery WHERE id IN (SELECT id FROM delivery WHERE ${settled} LIMIT ${BATCH})`);
    // An open pull request shows what was said of its head, however long ago.
    const shown = `SELECT 1 FROM pull_request pull WHERE pull.repository_id = commit_status.repository_id
      AND pull.head_commit = commit_status.commit AND pull.state = 'open'`;
    const old = `created_at < now() - make_interval(days => $1)`;
    const sent = `${old} AND settled_at IS NOT NULL AND NOT EXISTS (${shown})`;
    await this.removeRows(
      `commit_status WHERE sequence IN (SELECT sequence FROM commit_status WHERE ${sent} LIMIT ${BATCH})`,
    );
    const answered = `created_at < now() - make_interval(days => least($1, 2))`;
    await this.removeRows(
      `idempotency_key WHERE (organization_id, key) IN
         (SELECT organization_id, key FROM idempotency_key WHERE ${answered} LIMIT ${BATCH})`,
    );
  }

  private async removeRows(which: string): Promise<void> {
    let removed: number;
    do {
      [, removed] = await this.dataSource.query<[unknown[], number]>(`DELETE FROM ${which}`, [
        this.settings.recordDays,
      ]);
    } while (removed === BATCH);
  }
}
