import { jobs } from '@reunite/contracts';
import { databaseReadiness, migrationReadiness, watchPool } from '@reunite/database';
import { Inbox, watchInbox } from '@reunite/deliveries';
import { Readiness, startMetricsServer } from '@reunite/platform';
import type { Logger, RunningService } from '@reunite/platform';
import { JobProducer, queueBackend } from '@reunite/queueing';
import pTimeout from 'p-timeout';
import pg from 'pg';
import type { IngestSettings } from './config.js';
import { BodyBudget } from './http/body-budget.js';
import { BodyReader } from './http/body-reader.js';
import { listen } from './http/ingest-server.js';
import { WebhookHandler } from './http/webhook.handler.js';
import { watchBufferedBytes } from './metrics.js';
import { WakeUps } from './queue/wake-ups.js';
import { ConnectionDirectory } from './secrets/connection-directory.js';
import { SignerLookup } from './secrets/signer-lookup.js';
import { WebhookSecrets } from './secrets/webhook-secrets.js';
import type { ReadSecrets } from './secrets/webhook-secrets.js';

/** Time for the last wake-up when the service stops. */
const CLOSE_MS = 5_000;

export interface RunningIngest extends RunningService {
  /** Null if no metrics are served. */
  readonly metricsPort: number | null;
}

/** Starts the service with a given source of webhook secrets; tests replace the vault's client with it. */
export async function serveWebhooks(
  settings: IngestSettings,
  readSecrets: ReadSecrets,
  logger: Logger,
): Promise<RunningIngest> {
  const pool = openPool(settings.DATABASE_URL, logger);
  const producer = new JobProducer(queueBackend(settings.QUEUE_URL, settings.QUEUE_CA_FILE), (error) =>
    logger.warn({ err: error }, 'queue unavailable'),
  );
  const inbox = new Inbox(pool);
  const wakeUps = new WakeUps(producer, logger);
  const handler = new WebhookHandler({
    signers: signers(pool, readSecrets, settings),
    bodies: bodies(settings),
    inbox,
    wakeUps,
    logger,
    trustedProxyHops: settings.TRUSTED_PROXY_HOPS,
  });

  const checks = [
    databaseReadiness(pool),
    migrationReadiness(pool),
    // Deliveries are accepted without it; the wake-ups follow.
    { name: 'queue', check: () => producer.depth(jobs.processInbox.queue), optional: true },
  ];
  const server = await listen(handler, checks, settings, logger);
  const metrics =
    settings.METRICS_PORT === undefined
      ? null
      : await startMetricsServer(settings.METRICS_PORT, settings.LISTEN_HOST, new Readiness(checks));
  watchInbox(async (sql) => (await pool.query<{ id: string | null; count: number }>(sql)).rows);
  watchPool(pool);
  wakeUps.markAll();
  return {
    port: server.port,
    metricsPort: metrics?.port ?? null,
    close: async () => {
      watchInbox(null);
      await server.close();
      await metrics?.close();
      await within(wakeUps.close()).catch(() =>
        logger.warn('stopped without a wake-up; the sweeper of the worker sends it'),
      );
      await within(producer.close()).catch(() => logger.warn('stopped without closing the queue'));
      await pool.end();
    },
  };
}

const within = <T>(work: Promise<T>) => pTimeout(work, { milliseconds: CLOSE_MS });

/**
 * The timeouts of the pool, the request and the vault add up to less than the 30 s that a server waits for a response.
 */
function openPool(url: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c search_path=bridge',
    max: 5,
    connectionTimeoutMillis: 3_000,
    query_timeout: 6_000,
    keepAlive: true,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'database connection lost'));
  return pool;
}

function bodies(settings: IngestSettings): BodyReader {
  const budget = new BodyBudget({ totalBytes: settings.MAX_BUFFERED_BYTES, smallBodyBytes: settings.SMALL_BODY_BYTES });
  watchBufferedBytes(() => budget.usedBytes);
  return new BodyReader(budget, {
    maxBytes: settings.MAX_BODY_BYTES,
    minBytesPerSecond: settings.MIN_BYTES_PER_SECOND,
  });
}

function signers(pool: pg.Pool, readSecrets: ReadSecrets, settings: IngestSettings): SignerLookup {
  const directory = new ConnectionDirectory(pool);
  const secrets = new WebhookSecrets(
    // Check the database first, so that guessed ids never reach the vault (it audits every call).
    async (connectionId) => ((await directory.exists(connectionId)) ? readSecrets(connectionId) : null),
    { freshMs: settings.SECRET_CACHE_SECONDS * 1_000, staleMs: settings.SECRET_STALE_SECONDS * 1_000 },
  );
  return new SignerLookup(directory, secrets);
}
