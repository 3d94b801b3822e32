import { createHmac, randomUUID } from 'node:crypto';
import { newId } from '@reunite/contracts';
import { migrateBridge } from '@reunite/database';
import { createLogger } from '@reunite/platform';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import type { IngestSettings } from '../src/config.js';
import { serveWebhooks } from '../src/serve-webhooks.js';
import type { RunningIngest } from '../src/serve-webhooks.js';

const SILENT = createLogger('test', 'silent');

export const SECRET = 'the current webhook secret';
export const PREVIOUS = 'the previous webhook secret';

/** The webhook secrets of the vault, and a record of the requests for them. */
export class TestSecrets {
  readonly byConnection = new Map<string, readonly string[]>();
  readonly requests: string[] = [];
  unreachable = false;

  readonly read = (connectionId: string): Promise<readonly string[]> => {
    this.requests.push(connectionId);
    if (this.unreachable)
      return Promise.reject(Object.assign(new Error('unreachable'), { code: 'vault-unavailable', retryable: true }));
    return Promise.resolve(this.byConnection.get(connectionId) ?? []);
  };
}

export function ingestSettings(databaseUrl: string, queueUrl: string): IngestSettings {
  return {
    LOG_LEVEL: 'fatal',
    LISTEN_HOST: '127.0.0.1',
    PORT: 0,
    METRICS_PORT: 0,
    DATABASE_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    MAX_BODY_BYTES: 1024 * 1024,
    MAX_BUFFERED_BYTES: 8 * 1024 * 1024,
    REQUEST_TIMEOUT_SECONDS: 8,
    SMALL_BODY_BYTES: 64 * 1024,
    MIN_BYTES_PER_SECOND: 32 * 1024,
    MAX_CONNECTIONS: 2_000,
    TRUSTED_PROXY_HOPS: 0,
    SECRET_CACHE_SECONDS: 60,
    SECRET_STALE_SECONDS: 600,
  };
}

/** webhook-ingest on a real PostgreSQL, with its own database role, and a pool of the owner for assertions. */
export class TestIngest {
  private constructor(
    readonly pool: pg.Pool,
    readonly secrets: TestSecrets,
    private readonly settings: IngestSettings,
    private service: RunningIngest,
  ) {}

  /** @param queueUrl Default: queues in PostgreSQL. */
  static async start(
    postgres: RunningPostgres,
    queueUrl = postgres.url('reunite_ingest'),
    changes: Partial<IngestSettings> = {},
  ): Promise<TestIngest> {
    const owner = postgres.url('reunite_bridge');
    await migrateBridge(owner);
    const pool = new pg.Pool({ connectionString: owner, options: '-c search_path=bridge', max: 2 });
    pool.on('error', () => undefined);
    const settings = { ...ingestSettings(postgres.url('reunite_ingest'), queueUrl), ...changes };
    const secrets = new TestSecrets();
    return new TestIngest(pool, secrets, settings, await serveWebhooks(settings, secrets.read, SILENT));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  get metricsOrigin(): string {
    return `http://127.0.0.1:${this.service.metricsPort ?? 0}`;
  }

  /** Stops the service and starts another one with the same vault. */
  async replaceService(changes: Partial<IngestSettings> = {}): Promise<void> {
    await this.stopService();
    await this.startService(changes);
  }

  async stopService(): Promise<void> {
    await this.service.close();
  }

  /** Starts a service with the same vault, after the one before was stopped. */
  async startService(changes: Partial<IngestSettings> = {}): Promise<void> {
    this.service = await serveWebhooks({ ...this.settings, ...changes }, this.secrets.read, SILENT);
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.pool.end();
  }

  async makeConnection(secrets: readonly string[] = [SECRET], appId = 7): Promise<string> {
    const id = newId('connection');
    await insertConnection(this.pool, id, appId);
    this.secrets.byConnection.set(id, secrets);
    return id;
  }

  post(path: string, sent: Sent = {}): Promise<Response> {
    const body = sent.body ?? '{}';
    const bytes = new Uint8Array(Buffer.from(body));
    return fetch(`${this.origin}${path}`, { method: 'POST', headers: headersFor({ ...sent, body }), body: bytes });
  }

  async rows(connectionId: string) {
    const result = await this.pool.query<{ id: string; guid: string; event: string; form: boolean; body: Buffer }>(
      `SELECT *, (SELECT string_agg(bytes, ''::bytea ORDER BY part) FROM webhook_payload WHERE delivery_id = id) AS body
         FROM webhook_delivery WHERE connection_id = $1 ORDER BY id`,
      [connectionId],
    );
    return result.rows;
  }

  async counted(outcome: string): Promise<number> {
    const metrics = await (await fetch(`${this.metricsOrigin}/metrics`)).text();
    return Number(new RegExp(`^webhook_deliveries_total{outcome="${outcome}"} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
  }
}

export async function insertConnection(pool: pg.Pool, id: string, appId: number): Promise<void> {
  await pool.query(
    `INSERT INTO connection (id, organization_id, name, origin, owner, status, app_id, created_by)
     VALUES ($1, 'org_a', $1, 'https://ghes.example.com', 'acme', 'connected', $2, 'usr_a')`,
    [id, appId],
  );
}

export interface Sent {
  readonly body?: string | Buffer;
  readonly secret?: string;
  readonly headers?: Record<string, string | undefined>;
}

export function sign(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Headers as a server sends them; `undefined` leaves one out. */
export function headersFor({ body = '{}', secret = SECRET, headers = {} }: Sent): Record<string, string> {
  const all = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/test',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-github-enterprise-host': 'ghes.example.com',
    'x-github-enterprise-version': '3.17.2',
    'x-github-hook-installation-target-id': '7',
    'x-hub-signature-256': sign(body, secret),
    ...headers,
  };
  const given = Object.entries<string | undefined>(all);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
