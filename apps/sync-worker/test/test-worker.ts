import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { bridgeMigrations, migrate, UserActions } from '@reunite/database';
import type { RunningService } from '@reunite/platform';
import { JobProducer, migrateQueueBackend, queueBackend, queueNames } from '@reunite/queueing';
import type { JobHandlers } from '@reunite/queueing';
import { pino } from 'pino';
import { IsolatedProcesses } from '../src/builds/isolation/isolated-processes.js';
import { configSchema } from '../src/config.js';
import type { Config } from '../src/config.js';
import { jobHandlers } from '../src/job-handlers.js';
import { closeResources, openResources } from '../src/resources.js';
import type { WorkerResources } from '../src/resources.js';
import { startWorker } from '../src/start-worker.js';
import { openRetention } from '../src/maintenance/retention.js';
import { Sweeper } from '../src/maintenance/sweeper.js';
import { FakeVault } from '@reunite/testing';
import { Project } from './project.js';
import type { ProjectSettings } from './project.js';
import { TASK_FOLDERS } from './task-folders.js';
import { TestGhes } from './test-ghes.js';

/** The columns from which sweeps compute the age of rows. */
const AGE_COLUMNS = {
  webhook_delivery: 'received_at',
  git_ref: 'updated_at',
  deployment: 'created_at',
  commit_status: 'created_at',
  project: 'updated_at',
};

/** Processes that outlive the worker of a test: loading the builder takes longer than most tests. */
class KeptProcesses extends IsolatedProcesses {
  override close(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return super.close();
  }
}

/** The worker on a real database and queue and on the simulator, with a fake vault. */
export class TestWorker {
  ghes!: TestGhes;
  vault!: FakeVault;
  /** Log lines of the worker at level `warn` and above. */
  warnings: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'sync-worker-'));
  private readonly config: Config;
  private own!: WorkerResources;
  private service: RunningService | undefined;
  private readonly processes: KeptProcesses;

  private constructor(urls: { readonly database: string; readonly queue: string }) {
    this.config = configSchema.parse({
      ...{ PORT: '0', DATABASE_URL: urls.database, QUEUE_URL: urls.queue, VAULT_ADDRESS: 'localhost:1' },
      ...{ TLS_CA_FILE: '-', TLS_CERT_FILE: '-', TLS_KEY_FILE: '-', GHES_ALLOWED_CIDRS: '127.0.0.0/8,::1/128' },
      CONTENT_URL: pathToFileURL(join(this.folder, 'content')).href,
      ARTIFACTS_URL: pathToFileURL(join(this.folder, 'artifacts')).href,
      CONSOLE_URL: 'http://console.localhost/',
      PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost/',
      // Tests trigger sweeps and reconciliations themselves.
      ...{ SWEEP_INTERVAL_SECONDS: '86400', RECONCILE_INTERVAL_SECONDS: '86400', REFRESH_INTERVAL_SECONDS: '86400' },
      RECOVERY_INTERVAL_SECONDS: '86400',
      RETENTION_INTERVAL_SECONDS: '86400',
    });
    const { BUILD_TIMEOUT_SECONDS: timeoutSeconds, BUILD_MEMORY_MB: memoryMb } = this.config;
    this.processes = new KeptProcesses({ timeoutSeconds, memoryMb, folders: TASK_FOLDERS });
  }

  static async open(urls: { readonly database: string; readonly queue: string }): Promise<TestWorker> {
    const worker = new TestWorker(urls);
    await migrate({ url: urls.database, schema: 'bridge', entities: [], migrations: bridgeMigrations });
    await migrateQueueBackend(urls.queue);
    worker.ghes = await TestGhes.start();
    worker.newVault();
    const own = await openResources(worker.config, pino({ enabled: false }), worker.vault);
    // Tests also add user actions, as the API does.
    const producer = new JobProducer(queueBackend(urls.queue), () => undefined, new UserActions(own.dataSource));
    worker.own = { ...own, producer };
    return worker;
  }

  /** Deletes all connections and jobs. The next test gets a new repository and vault. */
  async reset(): Promise<void> {
    await this.wipeQueue();
    await this.own.dataSource.query('DELETE FROM connection');
    await this.ghes.reset();
    this.newVault();
  }

  private newVault(): void {
    this.vault = new FakeVault(this.ghes.origin);
    this.ghes.issueTokensOf(this.vault);
    this.warnings = [];
  }

  get databaseUrl(): string {
    return this.config.DATABASE_URL;
  }

  get queueUrl(): string {
    return this.config.QUEUE_URL;
  }

  /** The resources of the test, separate from those of the worker. */
  get resources(): WorkerResources {
    return this.own;
  }

  connect(settings: ProjectSettings = {}): Promise<Project> {
    return Project.connect(this.own, this.ghes, settings);
  }

  /**
   * Starts the worker.
   *
   * @param replace returns resources that replace those of the worker
   * @param config overrides of the configuration
   */
  async start(
    replace: (resources: WorkerResources) => Partial<WorkerResources> = () => ({}),
    config: Partial<Config> = {},
  ): Promise<void> {
    const logger = pino({ level: 'warn' }, { write: (line: string) => this.warnings.push(line) });
    const settings = { ...this.config, ...config };
    const resources = await openResources(settings, logger, this.vault);
    this.service = await startWorker(settings, {
      ...{ ...resources, processes: this.processes },
      ...replace(resources),
    });
  }

  async close(): Promise<void> {
    await this.service?.close();
    this.service = undefined;
  }

  /** Runs a job as a rerun after a lost worker, without the queue. */
  async rerun<Key extends keyof JobHandlers>(
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

  /** Deletes all jobs of all queues. */
  async wipeQueue(): Promise<void> {
    const backend = queueBackend(this.config.QUEUE_URL);
    for (const name of queueNames) {
      const queue = backend.queue(name, {});
      await queue.obliterate({ force: true });
      await queue.close();
    }
  }

  /**
   * Sweeps as if all rows were a minute older.
   *
   * @returns the payloads of the enqueued jobs
   */
  async sweep(): Promise<unknown[]> {
    const { dataSource, producer } = this.own;
    for (const [table, column] of Object.entries(AGE_COLUMNS)) {
      await dataSource.query(`UPDATE ${table} SET ${column} = ${column} - interval '1 minute'`);
    }
    const settings = {
      reconcileIntervalSeconds: 86_400,
      refreshIntervalSeconds: 86_400,
      recoveryIntervalSeconds: 86_400,
    };
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

  /** Runs the retention once. */
  retain(): Promise<void> {
    return openRetention(this.config, this.own).run();
  }

  hasArtifact(deploymentId: string): boolean {
    return existsSync(join(this.folder, 'artifacts', deploymentId));
  }

  removeArtifact(deploymentId: string): void {
    rmSync(join(this.folder, 'artifacts', deploymentId), { recursive: true });
  }

  /** Returns a file of a built deployment. */
  async artifact(deploymentId: string, path: string): Promise<string> {
    const site = await this.own.artifacts.site(deploymentId);
    return String(await site?.read(path));
  }

  async stop(): Promise<void> {
    await this.close();
    await this.processes.end();
    await closeResources(this.own);
    await this.ghes.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
