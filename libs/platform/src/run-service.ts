import { isCoded } from '@reunite/contracts';
import { createLogger } from './logger.js';
import type { Logger } from './logger.js';

export interface RunningService {
  /** The port it listens on, also if the system chose it (port 0). */
  readonly port: number;
  /** Stops taking work, finishes running work and closes connections. */
  close(): Promise<void>;
}

/**
 * Runs a service: start, one `ready` line (JSON) on stdout, clean stop on SIGTERM or SIGINT. A failed start logs one
 * line and exits with 1. An uncaught error exits too, because the state of the process is unknown.
 */
export async function runService<Config extends { readonly LOG_LEVEL: string }>(
  name: string,
  loadConfig: () => Config,
  start: (config: Config, logger: Logger) => Promise<RunningService>,
): Promise<void> {
  let logger = createLogger(name, 'info');
  const end = (error: unknown, message: string) => {
    logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => end(error, 'uncaught error'));
  process.on('unhandledRejection', (error) => end(error, 'unhandled rejection'));

  // Without a listener, this signal opens Node's debugger on a local port: any process of the same user could read
  // secrets.
  process.on('SIGUSR1', () => logger.warn('ignored SIGUSR1, which would open the debugger'));

  let service: RunningService;
  try {
    const config = loadConfig();
    logger = createLogger(name, config.LOG_LEVEL);
    service = await start(config, logger);
  } catch (error) {
    end(
      isCoded(error) ? undefined : error,
      `${name} did not start: ${error instanceof Error ? error.message : String(error)}`,
    );
    return;
  }

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= service.close().then(
      () => process.exit(0),
      (error: unknown) => end(error, 'did not stop cleanly'),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, service: name, port: service.port })}\n`);
}
