import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { bridgeMigrations, migrate, UserActions } from '@reunite/database';
import type { RunningService } from '@reunite/platform';
import { JobProducer, migrateQueueBackend, queueBackend, queueNames } from '@reunite/queueing';
import type { JobHandlers } from '@reunite/queueing';
import { pino } from 'pino';
import { configSchema } from '../src/config.js';
import type { Config } from '../src/config.js';
import { jobHandlers } from '../src/job-handlers.js';
import { closeResources, openResources } from '../src/resources.js';
import type { WorkerResources } from '../src/resources.js';
import { startWorker } from '../src/start-worker.js';
import { openRetention } from '../src/maintenance/retention.js';
import { Sweeper } from '../src/maintenance/sweeper.js';
import { FakeVault } from '@reunite/testing';
import { GhesStandIn } from './ghes-stand-in.js';
import { Project } from './project.js';
import type { ProjectSettings } from './project.js';

/** Tables and the column by which a sweep knows how old their work is. */
const ages = {
  delivery: 'received_at',
  git_ref: 'updated_at',
  deployment: 'created_at',
  commit_status: 'created_at',
  project: 'updated_at',
};

/** The worker as it runs, on a real database, queue, git and HTTP; only the vault keeps no credentials. */
export class TestWorker {
  ghes!: GhesStandIn;
  vault!: FakeVault;
  /** What the worker warned of. */
  warnings: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'sync-worker-'));
  private readonly config: Config;
  private own!: WorkerResources;
  private service: RunningService | undefined;

  private constructor(urls: { readonly database: string; readonly queue: string }) {
    this.config = configSchema.parse({
      ...{ PORT: '0', DATABASE_URL: urls.database, QUEUE_URL: urls.queue, VAULT_ADDRESS: 'localhost:1' },
      ...{ TLS_CA_FILE: '-', TLS_CERT_FILE: '-', TLS_KEY_FILE: '-', GHES_ALLOWED_CIDRS: '127.0.0.0/8' },
      CONTENT_URL: pathToFileURL(join(this.folder, 'content')).href,
      ARTIFACTS_URL: pathToFileURL(join(this.folder, 'artifacts')).href,
      CONSOLE_URL: 'http://console.localhost/',
      PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost/',
      // The tests sweep and reconcile by themselves.
      ...{ SWEEP_INTERVAL_SECONDS: '86400', RECONCILE_INTERVAL_SECONDS: '86400' },
      RETENTION_INTERVAL_SECONDS: '86400',
    });
  }

  static async open(urls: { readonly database: string; readonly queue: string }): Promise<TestWorker> {
    const worker = new TestWorker(urls);
    await migrate({ url: urls.database, schema: 'bridge', entities: [], migrations: bridgeMigrations });
    await migrateQueueBackend(urls.queue);
    await worker.newServer();
    const own = await openResources(worker.config, pino({ enabled: false }), worker.vault);
    // Tests also add user actions, as the API does.
    const producer = new JobProducer(queueBackend(urls.queue), () => undefined, new UserActions(own.dataSource));
    worker.own = { ...own, producer };
    return worker;
  }

  /** Nothing is connected, nothing is queued, and the server's repository is empty. */
  async reset(): Promise<void> {
    await this.wipeQueue();
    await this.own.dataSource.query('DELETE FROM connection');
    await this.ghes.stop();
    await this.newServer();
  }

  private async newServer(): Promise<void> {
    this.ghes = await GhesStandIn.start();
    this.vault = new FakeVault(this.ghes.origin);
    this.warnings = [];
  }

  get queueUrl(): string {
    return this.config.QUEUE_URL;
  }

  /** The test's own, next to the worker's. */
  get resources(): WorkerResources {
    return this.own;
  }

  connect(settings: ProjectSettings = {}): Promise<Project> {
    return Project.connect(this.own, this.ghes, settings);
  }

  /** Starts the worker, with parts of it replaced where a test is about their loss. */
  async start(
    replace: (resources: WorkerResources) => Partial<WorkerResources> = () => ({}),
    config: Partial<Config> = {},
  ): Promise<void> {
    const logger = pino({ level: 'warn' }, { write: (line: string) => this.warnings.push(line) });
    const resources = await openResources(this.config, logger, this.vault);
    this.service = await startWorker({ ...this.config, ...config }, { ...resources, ...replace(resources) });
  }

  async close(): Promise<void> {
    await this.service?.close();
    this.service = undefined;
  }

  /** Does a job as the run after a lost one does, past the queue. */
  async again<Key extends keyof JobHandlers>(
    key: Key,
    payload: PayloadOf<(typeof jobs)[Key]>,
  ): Promise<ResultOf<(typeof jobs)[Key]>> {
    const resources = await openResources(this.config, pino({ enabled: false }), this.vault);
    const run = { attempt: 1, lastAttempt: true, isRerun: true, signal: new AbortController().signal };
    try {
      return await jobHandlers(this.config, resources)[key].handle(payload, run);
    } finally {
      await closeResources(resources);
    }
  }

  /** The queue forgets everything. */
  async wipeQueue(): Promise<void> {
    const backend = queueBackend(this.config.QUEUE_URL);
    for (const name of queueNames) {
      const queue = backend.queue(name, {});
      await queue.obliterate({ force: true });
      await queue.close();
    }
  }

  /** Sweeps as if all that waits had been waiting for a minute. @returns payloads of what was enqueued */
  async sweep(): Promise<unknown[]> {
    const { dataSource, producer } = this.own;
    for (const [table, column] of Object.entries(ages)) {
      await dataSource.query(`UPDATE ${table} SET ${column} = ${column} - interval '1 minute'`);
    }
    const settings = { reconcileIntervalSeconds: 86_400 };
    const added: unknown[] = [];
    const recording: Pick<typeof producer, 'addMany'> = {
      addMany: (job, payloads) => {
        added.push(...payloads);
        return producer.addMany(job, payloads);
      },
    };
    await new Sweeper(dataSource, recording, settings).sweep();
    return added;
  }

  retain(): Promise<void> {
    return openRetention(this.config, this.own).run();
  }

  hasArtifact(deploymentId: string): boolean {
    return existsSync(join(this.folder, 'artifacts', deploymentId));
  }

  removeArtifact(deploymentId: string): void {
    rmSync(join(this.folder, 'artifacts', deploymentId), { recursive: true });
  }

  /** A file of a built deployment. */
  artifact(deploymentId: string, path: string): string {
    return readFileSync(join(this.folder, 'artifacts', deploymentId, path), 'utf8');
  }

  async stop(): Promise<void> {
    await this.close();
    await closeResources(this.own);
    await this.ghes.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
