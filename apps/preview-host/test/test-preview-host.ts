import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import { newId } from '@reunite/contracts';
import type { DeploymentState } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { DeploymentEntity, previewHostLabel, ProjectEntity } from '@reunite/deployments';
import { createLogger } from '@reunite/platform';
import { SiteArchiveWriter, SiteStore } from '@reunite/site-archive';
import { insertConnection, insertRepository, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import type { PreviewHostSettings } from '../src/config.js';
import { startPreviewHost } from '../src/start-preview-host.js';
import type { RunningPreviewHost } from '../src/start-preview-host.js';

export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as bytes. */
  readonly raw: Buffer;
}

interface TestRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The columns that the preview host reads: its role may read nothing else. */
const READER_SQL = `
  CREATE ROLE preview_reader LOGIN PASSWORD 'preview_reader';
  GRANT CONNECT ON DATABASE reunite TO preview_reader;
  GRANT USAGE ON SCHEMA bridge TO preview_reader;
  GRANT SELECT (id, project_id, environment, current, state) ON bridge.deployment TO preview_reader;
  GRANT SELECT (id) ON bridge.project TO preview_reader`;

const POLICY = {
  branchPreviews: { mode: 'none' as const },
  pullRequestPreviews: true,
  forkPreviews: false,
};

/** A preview host on a real database with one project, and a folder of artifacts to fill. */
export class TestPreviewHost {
  private generation = 0;
  private readonly artifacts: BlobStorage;
  readonly sites: SiteStore;

  private constructor(
    private readonly postgres: RunningPostgres,
    readonly dataSource: DataSource,
    readonly artifactsFolder: string,
    readonly projectId: string,
    readonly service: RunningPreviewHost,
    /** URL of the role that the preview host connects as. */
    readonly readerUrl: string,
    artifactsUrl: string,
  ) {
    this.artifacts = openBlobStorage(artifactsUrl);
    this.sites = new SiteStore(this.artifacts);
  }

  static async start(settings: Partial<PreviewHostSettings> = {}): Promise<TestPreviewHost> {
    const postgres = await startPostgres();
    const dataSource = await migratedDatabase(postgres);
    const projectId = await insertProject(dataSource);
    const artifactsFolder = await mkdtemp(join(tmpdir(), 'reunite-previews-'));
    const readerUrl = new URL(postgres.url('reunite_bridge'));
    readerUrl.username = 'preview_reader';
    readerUrl.password = 'preview_reader';
    const config: PreviewHostSettings = {
      LOG_LEVEL: 'fatal',
      LISTEN_HOST: '127.0.0.1',
      PORT: 0,
      METRICS_PORT: 0,
      DATABASE_URL: readerUrl.href,
      PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/',
      ARTIFACTS_URL: pathToFileURL(artifactsFolder).href,
      REQUEST_TIMEOUT_SECONDS: 15,
      IDLE_TIMEOUT_SECONDS: 60,
      MAX_CONNECTIONS: 100,
      ...settings,
    };
    const service = await startPreviewHost(config, createLogger('preview-host', 'fatal'));
    const { href } = readerUrl;
    return new TestPreviewHost(postgres, dataSource, artifactsFolder, projectId, service, href, config.ARTIFACTS_URL);
  }

  async stop(): Promise<void> {
    await this.service.close();
    await this.artifacts.close();
    await this.dataSource.destroy();
    await this.postgres.stop();
    await rm(this.artifactsFolder, { recursive: true, force: true });
  }

  /** Stores the site of a deployment, as a build does. Unchanged files are taken over from the site that was stored last. */
  async publish(deploymentId: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'reunite-build-'));
    const owner = { deploymentId, projectId: this.projectId };
    await this.sites.prepare(this.projectId, folder);
    const site = await SiteArchiveWriter.open(folder);
    for (const [path, body] of Object.entries(files)) {
      const key = createHash('sha1').update(body).digest('hex');
      if (site.reuse(path, key) === undefined) await site.write({ path, body, key });
    }
    await site.finish();
    await this.sites.publish(owner, folder);
    await rm(folder, { recursive: true });
  }

  async insertDeployment(state: DeploymentState, id = newId('deployment')): Promise<string> {
    this.generation += 1;
    await this.dataSource.manager.insert(DeploymentEntity, {
      id,
      state,
      projectId: this.projectId,
      environment: 'production',
      refName: 'refs/heads/main',
      commit: 'c'.repeat(40),
      tree: 't'.repeat(40),
      generation: this.generation,
      current: false,
    });
    return id;
  }

  /**
   * Sends the path as given: `fetch` would normalize `..` and `//`.
   *
   * @param target id of a deployment or a project, or a host
   */
  request(target: string, path: string, { method = 'GET', headers = {} }: TestRequest = {}): Promise<TestResponse> {
    const host = target.includes('_') ? `${previewHostLabel(target)}.preview.localhost:4400` : target;
    const options = { host: '127.0.0.1', port: this.service.port, path, method, agent: false };
    return new Promise((resolve, reject) => {
      httpRequest({ ...options, headers: { ...headers, host } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const raw = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: raw.toString(), raw });
        });
      })
        .on('error', reject)
        .end();
    });
  }
}

async function migratedDatabase(postgres: RunningPostgres): Promise<DataSource> {
  const url = postgres.url('reunite_bridge');
  await migrate({ url, schema: 'bridge', entities: [], migrations: bridgeMigrations });
  const adminUrl = new URL(postgres.url('postgres'));
  adminUrl.pathname = 'reunite';
  const admin = await createDataSource({ url: adminUrl.href, schema: 'bridge', entities: [] }).initialize();
  await admin.query(READER_SQL);
  await admin.destroy();
  return createDataSource({ url, schema: 'bridge', entities: [DeploymentEntity, ProjectEntity] }).initialize();
}

async function insertProject(dataSource: DataSource): Promise<string> {
  const connectionId = await insertConnection(dataSource, { organizationId: 'org' });
  const repositoryId = await insertRepository(dataSource, { connectionId });
  const id = newId('project');
  await dataSource.manager.insert(ProjectEntity, {
    id,
    organizationId: 'org',
    repositoryId,
    name: 'Docs',
    rootFolder: '',
    productionBranch: 'main',
    ...POLICY,
  });
  return id;
}
