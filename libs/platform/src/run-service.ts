import { setTimeout as pause } from 'node:timers/promises';
import { isCoded } from '@reunite/contracts';
import { collectProcessMetrics, startTracing } from '@reunite/telemetry';
import type { Tracing, TracingSettings } from '@reunite/telemetry';
import { untilAvailable } from './dependencies.js';
import { createLogger } from './logger.js';
import type { Logger } from './logger.js';
import { announceStop } from './readiness.js';
import type { ReadinessCheck } from './readiness.js';

export interface RunningService {
  /** The port it listens on, also if the system chose it (port 0). */
  readonly port: number;
  /** Stops taking work, finishes running work and closes connections. */
  close(): Promise<void>;
}

/** Settings of every service. */
export interface ServiceConfig extends TracingSettings {
  readonly LOG_LEVEL: string;
  readonly LISTEN_HOST: string;
  readonly SHUTDOWN_DELAY_SECONDS: number;
}

export interface ServiceDependencies<Config> {
  /** Dependencies of `start`, which is called when all of them work. Default: none. */
  readonly dependencies?: (config: Config) => readonly ReadinessCheck[];
  /** Port for health checks while the service waits for them. */
  readonly healthPort?: (config: Config) => number | undefined;
}

/** Pause before a start that failed with a retryable error is repeated, in milliseconds. */
const START_RETRY_MS = 2_000;

/**
 * Runs a service: waits for its dependencies, starts it, writes one `ready` line (JSON) to stdout, and stops it on SIGTERM
 * or SIGINT. A start that cannot succeed logs one line and exits with 1. An uncaught error exits too, because the state of
 * the process is unknown.
 */
export async function runService<Config extends ServiceConfig>(
  name: string,
  loadConfig: () => Config,
  start: (config: Config, logger: Logger) => Promise<RunningService>,
  { dependencies = () => [], healthPort = () => undefined }: ServiceDependencies<Config> = {},
): Promise<void> {
  const run = new ServiceRun(name);
  run.handleEvents();
  try {
    const config = loadConfig();
    await run.configure(config);
    const wait = { port: healthPort(config), host: config.LISTEN_HOST, logger: run.logger };
    const { port } = await run.start(async () => {
      await untilAvailable(dependencies(config), wait);
      return start(config, run.logger);
    });
    process.stdout.write(`${JSON.stringify({ ready: true, service: name, port })}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.end(isCoded(error) ? undefined : error, `${name} did not start: ${reason}`);
  }
}

/** State of the process from its start to its exit. */
class ServiceRun {
  logger: Logger;
  private service: RunningService | null = null;
  private tracing: Tracing | null = null;
  private shutdownDelayMs = 0;
  private stopping: Promise<void> | undefined;

  constructor(private readonly name: string) {
    this.logger = createLogger(name, 'info');
  }

  handleEvents(): void {
    process.on('uncaughtException', (error) => this.end(error, 'uncaught error'));
    process.on('unhandledRejection', (error) => this.end(error, 'unhandled rejection'));
    // Without a listener, this signal opens Node's debugger on a local port: any process of the same user could read
    // secrets.
    process.on('SIGUSR1', () => this.logger.warn('ignored SIGUSR1, which would open the debugger'));
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => void (this.stopping ??= this.stop(signal)));
  }

  async configure(config: ServiceConfig): Promise<void> {
    this.logger = createLogger(this.name, config.LOG_LEVEL);
    this.shutdownDelayMs = config.SHUTDOWN_DELAY_SECONDS * 1_000;
    collectProcessMetrics(this.name);
    this.tracing = await startTracing(this.name, config);
  }

  /** Repeats a start that fails with a retryable error, e.g. of a key service. */
  async start(start: () => Promise<RunningService>): Promise<RunningService> {
    for (;;) {
      try {
        return (this.service = await start());
      } catch (error) {
        if (!isCoded(error) || !error.retryable) throw error;
        this.logger.warn({ err: error }, 'start failed; it is repeated');
        await pause(START_RETRY_MS);
      }
    }
  }

  end(error: unknown, message: string): void {
    this.logger.fatal({ err: error }, message);
    process.exit(1);
  }

  private async stop(signal: NodeJS.Signals): Promise<void> {
    this.logger.info({ signal, delayMs: this.shutdownDelayMs }, 'service stops');
    announceStop();
    try {
      // Nothing is lost if it has not started yet.
      if (this.service) {
        await pause(this.shutdownDelayMs);
        await this.service.close();
      }
      await this.tracing
        ?.shutdown()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'last spans not exported'));
      process.exit(0);
    } catch (error) {
      this.end(error, 'service did not stop cleanly');
    }
  }
}
