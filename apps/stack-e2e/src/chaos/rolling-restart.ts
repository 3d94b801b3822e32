import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, startLocalStack, workspaceRoot } from '@reunite/local-stack';
import type { LocalStack, Ports, ServiceName } from '@reunite/local-stack';
import { ApiClient } from '../api.client.js';
import { connectApp } from './connect-app.js';
import { DeliveryCounts } from './delivery-counts.js';
import type { DeliveryResult } from './delivery-counts.js';
import { DeliverySender } from './delivery-sender.js';

export interface RollingOptions {
  /** Concurrent senders of deliveries. */
  readonly loops: number;
  /** Pause of each sender between two deliveries, in milliseconds. */
  readonly pauseMs: number;
  /** Rounds in which every replica of every service is restarted. */
  readonly rounds: number;
  /**
   * Repository with a build of the previous release. The stack starts with it; the rounds are then the upgrade to this
   * build, after its migrations, and the way back to the previous one. Default: this build is restarted.
   */
  readonly previous?: string | undefined;
  readonly log: (line: string) => void;
}

export interface RollingResult extends DeliveryResult {
  readonly accepted: number;
  /** Requests to the API and the preview host. */
  readonly requests: number;
  /** Answers that were no success, by what was requested and status; 0 for a lost connection. */
  readonly failures: Readonly<Record<string, number>>;
  /** Replicas that were restarted. */
  readonly restarts: number;
}

/** In the order of a rolling update. Each service has two replicas. */
const SERVICES = ['credential-vault', 'sync-worker', 'api', 'webhook-ingest', 'preview-host'] as const;
const REPLICAS = Object.fromEntries(SERVICES.map((service) => [service, 2])) as Record<
  (typeof SERVICES)[number],
  number
>;
const ANY_PORTS = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;
/** A caller may send 1,200 requests per minute. */
const REQUEST_PAUSE_MS = 100;

/** Restarts every replica of every service, one after the other, under load. Counts what fails, is lost or doubled. */
export async function restartUnderLoad(options: RollingOptions): Promise<RollingResult> {
  const folder = await mkdtemp(join(tmpdir(), 'reunite-rolling-'));
  // PostgreSQL runs as another user when this runs as root.
  await chmod(folder, 0o755);
  let stack: LocalStack | undefined;
  const killAll = () => stack?.stopNow();
  process.once('exit', killAll);
  try {
    const settings = {
      dataDir: join(folder, 'data'),
      ports: ANY_PORTS,
      replicas: REPLICAS,
      build: options.previous,
    };
    stack = await startLocalStack({ ...settings, onNotice: (text) => options.log(`  ${text}`) });
    return await measure(stack, options);
  } finally {
    await stack?.stop();
    process.off('exit', killAll);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(stack: LocalStack, options: RollingOptions): Promise<RollingResult> {
  const { loops, pauseMs, log } = options;
  const counts = new DeliveryCounts(stack);
  await counts.install();
  const sender = new DeliverySender(await connectApp(stack));
  const requests = new Requests(stack, await ApiClient.signIn(stack.urls.api, 'ada'));
  const stopping = new AbortController();
  const load = [
    sender.run(() => stopping.signal.aborted, loops, pauseMs, stopping.signal),
    requests.run(stopping.signal),
  ];
  let restarts = 0;
  for (const { title, build } of roundsOf(options)) {
    if (build === workspaceRoot) await stack.migrate(build);
    for (const service of SERVICES satisfies readonly ServiceName[]) {
      log(`${title}: ${service} (${REPLICAS[service]} replicas)`);
      await stack.restart(service, build);
      restarts += REPLICAS[service];
    }
  }
  stopping.abort();
  await Promise.all(load);
  const failures = { ...requests.failures };
  for (const [status, count] of sender.rejections) failures[`delivery ${status}`] = count;
  const { sent } = requests;
  return {
    ...(await counts.read(sender.accepted)),
    accepted: sender.accepted.size,
    requests: sent,
    failures,
    restarts,
  };
}

interface Round {
  readonly title: string;
  /** Repository whose build is started. Default: the one that runs. */
  readonly build?: string;
}

function roundsOf({ rounds, previous }: RollingOptions): Round[] {
  if (previous === undefined) return Array.from({ length: rounds }, (_, index) => ({ title: `restart ${index + 1}` }));
  return [
    { title: 'upgrade', build: workspaceRoot },
    { title: 'way back', build: previous },
  ];
}

/** Sends requests to the API, which reads the database, and to the preview host. */
class Requests {
  readonly failures: Record<string, number> = {};
  sent = 0;

  constructor(
    private readonly stack: LocalStack,
    private readonly api: ApiClient,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const preview = `${this.stack.urls.previewHost}/healthz`;
    await Promise.all([
      this.repeat('GET /v1/connections', () => this.api.get('/v1/connections'), signal),
      this.repeat('GET /v1/projects', () => this.api.get('/v1/projects'), signal),
      this.repeat('preview host', () => fetch(preview), signal),
    ]);
  }

  private async repeat(name: string, send: () => Promise<Response>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.sent += 1;
      const answer = await send().catch(() => null);
      await answer?.arrayBuffer().catch(() => undefined);
      const failure = `${name} ${answer?.status ?? 0}`;
      if (!answer?.ok) this.failures[failure] = (this.failures[failure] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, REQUEST_PAUSE_MS));
    }
  }
}
