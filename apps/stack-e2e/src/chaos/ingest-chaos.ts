import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, startLocalStack } from '@reunite/local-stack';
import type { LocalStack, Ports } from '@reunite/local-stack';
import { eventually } from '@reunite/testing';
import { connectApp } from './connect-app.js';
import { DeliveryCounts } from './delivery-counts.js';
import type { DeliveryResult } from './delivery-counts.js';
import { DeliverySender } from './delivery-sender.js';
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
  /** Processes of the worker and of the API; one of them is killed at a time. Default: 1. */
  readonly replicas?: number;
  readonly log: (line: string) => void;
}

export interface ChaosResult extends DeliveryResult {
  readonly sent: number;
  readonly accepted: number;
  readonly rejections: Readonly<Record<string, number>>;
  /** Kills, by process. */
  readonly kills: Readonly<Record<string, number>>;
  /** Time from the last answer until everything was applied, in milliseconds. */
  readonly drainedMs: number;
}

const ANY_PORTS = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;
const RECOVERY_MS = 60_000;
const MAX_SECONDS = 600;

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
      const replicas = { 'sync-worker': options.replicas ?? 1, api: options.replicas ?? 1 };
      const settings = { dataDir: join(folder, 'data'), ports: ANY_PORTS, queueUrl: redis.url, replicas };
      stack = await startLocalStack({ ...settings, onNotice });
      return await new IngestChaos(options, redis, stack, notices).measure();
    } finally {
      await stack?.stop();
      await redis.stop();
      process.off('exit', killAll);
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async measure(): Promise<ChaosResult> {
    const database = new DeliveryCounts(this.stack);
    await database.install();
    const sender = new DeliverySender(await connectApp(this.stack));
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
    const counts = await database.read(sender.accepted);
    return {
      ...counts,
      sent: sender.sent,
      accepted: sender.accepted.size,
      rejections: Object.fromEntries(sender.rejections),
      kills: this.kills,
      drainedMs: Math.round(performance.now() - endedAt),
    };
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
}
