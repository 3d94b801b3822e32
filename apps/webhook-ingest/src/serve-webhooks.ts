import { Inbox } from '@reunite/deliveries';
import type { Logger, RunningService } from '@reunite/platform';
import { JobProducer, queueBackend } from '@reunite/queueing';
import pg from 'pg';
import type { IngestSettings } from './config.js';
import { BodyReader } from './http/body-reader.js';
import { listen } from './http/ingest-server.js';
import { WebhookHandler } from './http/webhook.handler.js';
import { DeliveryQueue } from './queue/delivery-queue.js';
import { Enqueuer } from './queue/enqueuer.js';
import { Sweeper } from './queue/sweeper.js';
import { within } from './queue/within.js';
import { ConnectionDirectory } from './secrets/connection-directory.js';
import { SignerLookup } from './secrets/signer-lookup.js';
import { WebhookSecrets } from './secrets/webhook-secrets.js';
import type { ReadSecrets } from './secrets/webhook-secrets.js';

/** Time for what is on its way to the queue when the service ends; the sweep of another replica takes the rest. */
const CLOSE_MS = 5_000;

/** Everything but the vault, whose part is `readSecrets`. */
export async function serveWebhooks(
  settings: IngestSettings,
  readSecrets: ReadSecrets,
  logger: Logger,
): Promise<RunningService> {
  const pool = openPool(settings.DATABASE_URL, logger);
  const producer = new JobProducer(queueBackend(settings.QUEUE_URL), (error) => logger.warn({ err: error }, 'queue'));
  const inbox = new Inbox(pool);
  const queue = new DeliveryQueue(producer, inbox);
  const enqueuer = new Enqueuer(queue, logger);
  const sweep = {
    intervalMs: settings.SWEEP_INTERVAL_SECONDS * 1_000,
    lostMs: settings.REENQUEUE_AFTER_SECONDS * 1_000,
  };
  const sweeper = new Sweeper(inbox, queue, sweep, logger);
  const handler = new WebhookHandler(signers(pool, readSecrets, settings), bodies(settings), inbox, enqueuer, logger);

  const checks = [{ name: 'database', check: () => pool.query('SELECT 1') }];
  const server = await listen(handler, checks, settings, logger);
  sweeper.start();
  return {
    port: server.port,
    close: async () => {
      await Promise.all([server.close(), sweeper.stop()]);
      await within(CLOSE_MS, enqueuer.idle()).catch(() => logger.warn('ends before all deliveries are enqueued'));
      await within(CLOSE_MS, producer.close()).catch(() => logger.warn('ends without closing the queue'));
      await pool.end();
    },
  };
}

/** Its times add up with the request's own and the vault's to less than the 30 seconds that a server waits. */
function openPool(url: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c search_path=bridge',
    max: 5,
    connectionTimeoutMillis: 3_000,
    query_timeout: 6_000,
    keepAlive: true,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'a connection to the database broke'));
  return pool;
}

function bodies(settings: IngestSettings): BodyReader {
  return new BodyReader({ body: settings.MAX_BODY_BYTES, held: settings.MAX_HELD_BYTES });
}

function signers(pool: pg.Pool, readSecrets: ReadSecrets, settings: IngestSettings): SignerLookup {
  const directory = new ConnectionDirectory(pool);
  const secrets = new WebhookSecrets(
    // Made-up ids end at the database: the vault, which audits each call, never hears of them.
    async (connectionId) => ((await directory.exists(connectionId)) ? readSecrets(connectionId) : null),
    { freshMs: settings.SECRET_CACHE_SECONDS * 1_000, staleMs: settings.SECRET_STALE_SECONDS * 1_000 },
  );
  return new SignerLookup(directory, secrets);
}
