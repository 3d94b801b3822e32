import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, startLocalStack } from '@reunite/local-stack';
import type { LocalStack, Ports } from '@reunite/local-stack';
import { eventually } from '@reunite/testing';
import type { Client } from 'pg';
import { z } from 'zod';
import { ApiClient } from '../api.client.js';
import { connectAsSuperuser } from '../secrets/places.js';
import { SimulatorClient } from '../simulator.client.js';
import { DeliverySender } from './delivery-sender.js';
import type { WebhookTarget } from './delivery-sender.js';
import { RedisProcess } from './redis-process.js';

export interface ChaosOptions {
  /** Deliveries that must be accepted. */
  readonly deliveries: number;
  /** Concurrent senders. */
  readonly loops: number;
  /** Pause of each sender between two deliveries, in milliseconds. */
  readonly pauseMs: number;
  /** Pause between two kills, in milliseconds. */
  readonly killEveryMs: number;
  readonly log: (line: string) => void;
}

export interface ChaosResult {
  readonly sent: number;
  readonly accepted: number;
  readonly rejections: Readonly<Record<string, number>>;
  /** Kills, by process. */
  readonly kills: Readonly<Record<string, number>>;
  /** Accepted deliveries that are not in the inbox. */
  readonly lost: number;
  /** Accepted deliveries that were not applied when the time was up. */
  readonly unapplied: number;
  /** Deliveries that were applied more than once. */
  readonly appliedTwice: number;
  /** Ids with more than one row. */
  readonly duplicates: number;
  /** Time from the last answer until everything was applied, in milliseconds. */
  readonly drainedMs: number;
}

const ANY_PORTS = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;
const DRAIN_MS = 120_000;
const RECOVERY_MS = 60_000;
const MAX_SECONDS = 600;

/**
 * Counts how often a delivery is applied: the mark is in the transaction of the effects, so that each committed
 * transition is one application.
 */
const COUNTER = [
  'CREATE TABLE IF NOT EXISTS public.application (delivery_id text NOT NULL)',
  'GRANT INSERT ON public.application TO PUBLIC',
  `CREATE OR REPLACE FUNCTION public.count_application() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN INSERT INTO public.application VALUES (NEW.id); RETURN NULL; END $$`,
  `CREATE OR REPLACE TRIGGER count_application AFTER UPDATE OF processed_at ON bridge.webhook_delivery
   FOR EACH ROW WHEN (OLD.processed_at IS NULL AND NEW.processed_at IS NOT NULL)
   EXECUTE FUNCTION public.count_application()`,
];

/** Ingest, worker, Redis and PostgreSQL. */
const VICTIMS = 4;

/** Kills the processes that a delivery passes, in turn, while deliveries arrive, and counts the results. */
export class IngestChaos {
  private readonly kills: Record<string, number> = {};

  private constructor(
    private readonly options: ChaosOptions,
    private readonly redis: RedisProcess,
    private readonly stack: LocalStack,
    /** Notices of the stack so far. */
    private readonly notices: readonly string[],
  ) {}

  /** @throws Error if the stack does not start, or if a delivery is lost or applied twice */
  static async run(options: ChaosOptions): Promise<ChaosResult> {
    const folder = await mkdtemp(join(tmpdir(), 'reunite-chaos-'));
    // PostgreSQL runs as another user when this runs as root.
    await chmod(folder, 0o755);
    const redis = await RedisProcess.start();
    let stack: LocalStack | undefined;
    const killAll = () => stack?.stopNow();
    process.once('exit', killAll);
    try {
      const notices: string[] = [];
      const onNotice = (text: string) => {
        notices.push(text);
        options.log(`  ${text}`);
      };
      stack = await startLocalStack({ dataDir: join(folder, 'data'), ports: ANY_PORTS, queueUrl: redis.url, onNotice });
      return await new IngestChaos(options, redis, stack, notices).measure();
    } finally {
      await stack?.stop();
      await redis.stop();
      process.off('exit', killAll);
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async measure(): Promise<ChaosResult> {
    const target = await this.connect();
    await this.query(async (client) => {
      for (const statement of COUNTER) await client.query(statement);
    });
    const sender = new DeliverySender(target);
    const stopping = new AbortController();
    const { deliveries } = this.options;
    const sending = sender.run(
      (accepted) => accepted >= deliveries && Object.keys(this.kills).length === VICTIMS,
      this.options.loops,
      this.options.pauseMs,
      AbortSignal.timeout(MAX_SECONDS * 1_000),
    );
    const killing = this.killInTurn(stopping.signal);
    await sending;
    stopping.abort();
    await killing;
    const endedAt = performance.now();
    const unapplied = await this.drain(sender.accepted);
    return { ...(await this.count(sender, unapplied)), drainedMs: Math.round(performance.now() - endedAt) };
  }

  private async killInTurn(signal: AbortSignal): Promise<void> {
    const victims = {
      'webhook-ingest': () => this.stack.kill('webhook-ingest'),
      'sync-worker': () => this.stack.kill('sync-worker'),
      Redis: () => this.redis.wipe(),
      PostgreSQL: () => {
        this.stack.killPostgres();
        return Promise.resolve();
      },
    };
    for (;;) {
      for (const [name, kill] of Object.entries(victims)) {
        await new Promise((resolve) => setTimeout(resolve, this.options.killEveryMs));
        if (signal.aborted) return;
        this.options.log(`kill ${name}`);
        this.kills[name] = (this.kills[name] ?? 0) + 1;
        const before = this.notices.length;
        await kill();
        if (name !== 'Redis') await this.recovered(name, before);
      }
    }
  }

  /** Waits until a killed process and ingest are running: a process that exits too often is not restarted. */
  private async recovered(name: string, before: number): Promise<void> {
    const within = { withinMs: RECOVERY_MS, what: `${name} is running again` };
    await eventually(() => this.notices.slice(before).includes(`${name} is running again.`), within);
    const isReady = async () => (await fetch(`${this.stack.urls.ingest}/readyz`).catch(() => null))?.ok ?? false;
    await eventually(isReady, { withinMs: RECOVERY_MS, what: 'ingest is ready' });
  }

  /** Waits until all accepted deliveries are applied. @returns the number of those that are not */
  private async drain(accepted: ReadonlySet<string>): Promise<number> {
    let unapplied = accepted.size;
    await eventually(
      async () => {
        unapplied = await this.query(async (client) => {
          const { rows } = await client.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM unnest($1::text[]) AS sent (guid)
              WHERE NOT EXISTS (SELECT 1 FROM bridge.webhook_delivery w
                                 WHERE w.guid = sent.guid AND w.processed_at IS NOT NULL)`,
            [[...accepted]],
          );
          return rows[0]?.count ?? accepted.size;
        }).catch(() => unapplied);
        return unapplied === 0;
      },
      { what: 'every accepted delivery is applied', everyMs: 500, withinMs: DRAIN_MS },
    ).catch(() => undefined);
    return unapplied;
  }

  private count(sender: DeliverySender, unapplied: number): Promise<Omit<ChaosResult, 'drainedMs'>> {
    return this.query(async (client) => {
      const single = async (sql: string, ...values: unknown[]) =>
        (await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${sql}) AS counted`, values))
          .rows[0]?.count ?? -1;
      return {
        sent: sender.sent,
        accepted: sender.accepted.size,
        rejections: Object.fromEntries(sender.rejections),
        kills: this.kills,
        unapplied,
        lost: await single(
          `SELECT guid FROM unnest($1::text[]) AS guid EXCEPT SELECT guid FROM bridge.webhook_delivery`,
          [...sender.accepted],
        ),
        appliedTwice: await single('SELECT 1 FROM public.application GROUP BY delivery_id HAVING count(*) > 1'),
        duplicates: await single(
          'SELECT 1 FROM bridge.webhook_delivery GROUP BY connection_id, guid HAVING count(*) > 1',
        ),
      };
    });
  }

  private async query<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await connectAsSuperuser(this.stack.data, this.stack.ports.postgres);
    // PostgreSQL may be killed meanwhile.
    client.on('error', () => undefined);
    try {
      return await use(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Connects an app of the simulated server. */
  private async connect(): Promise<WebhookTarget> {
    const api = await ApiClient.signIn(this.stack.urls.api, 'ada');
    const simulator = new SimulatorClient(this.stack.urls.simulator);
    const settings = settingsSchema.parse(await (await api.get('/v1/app-settings')).json());
    const app = await simulator.createApp({
      name: 'Chaos',
      url: settings.callbackUrl,
      redirect_url: settings.callbackUrl,
      callback_urls: [settings.callbackUrl],
      // The simulator's own deliveries are of no interest here.
      hook_attributes: { url: settings.webhookUrl, active: false },
      default_permissions: settings.permissions,
      default_events: settings.events,
      public: false,
    });
    const secret = randomUUID();
    const answer = await api.send('POST', '/v1/connections/existing', {
      name: 'Chaos',
      serverUrl: this.stack.urls.simulator,
      owner: 'acme',
      ...{ appId: app.id, clientId: app.client_id, clientSecret: app.client_secret, privateKey: app.pem },
      webhookSecret: secret,
    });
    const { id } = z.object({ id: z.string() }).parse(await answer.json());
    return { url: `${this.stack.urls.ingest}/webhooks/github/${id}`, secret };
  }
}

const settingsSchema = z.object({
  callbackUrl: z.string(),
  webhookUrl: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
});
