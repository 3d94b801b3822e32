import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { newLogFile, openDataFolder, requireReachableForPostgres } from './data-folder.js';
import type { DataFolder } from './data-folder.js';
import { requireGit } from './git.js';
import { LocalStackError } from './local-stack.error.js';
import { logTail } from './log-tail.js';
import { migrateDatabases } from './migrations.js';
import { claimPorts } from './ports.js';
import type { Ports } from './ports.js';
import { postgresPid } from './postgres-pid.js';
import { ProcessRegister } from './process-register.js';
import { signalProcess } from './signal-process.js';
import { ServiceProcess } from './service-process.js';
import { addressesOf, identified, serviceEnvironments, serviceNames, START_ORDER } from './services.js';
import type { ServiceName, ServiceSurroundings, StackAddresses } from './services.js';

export interface LocalStackOptions {
  /** Where everything is kept; a second start continues with it. */
  readonly dataDir: string;
  /** Ports that differ from the usual ones; 0 takes any free one. */
  readonly ports?: Partial<Ports>;
  /** `redis://…` for a Redis that runs; BullMQ's PostgreSQL back end without it. */
  readonly queueUrl?: string | undefined;
  readonly logLevel?: string;
  /** Hears what a person should know while the stack runs: a service died, runs again, stays down. */
  readonly onNotice?: (text: string) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

export interface LocalStack {
  readonly urls: StackAddresses;
  readonly ports: Ports;
  readonly data: DataFolder;
  /** Ends everything in order, and keeps the data. */
  stop(): Promise<void>;
  /** Ends everything without waiting; for the last moment of this process. */
  stopNow(): void;
  /** Ends a service as a crash would. The stack starts it again by itself. */
  kill(service: ServiceName): Promise<void>;
  /** Ends a service cleanly, and resolves when it takes work again. */
  restart(service: ServiceName): Promise<void>;
  /** The last lines of a service's log. */
  logs(service: ServiceName, lines?: number): Promise<string[]>;
}

const workspaceRoot = join(import.meta.dirname, '../../..');

/**
 * Starts the whole system on this machine: PostgreSQL, every service, and a GHES simulator.
 *
 * @throws LocalStackError that says what is in the way: git, a port, a folder, a service that does not start.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await requireGit();
  await requireBuild();
  const data = await openDataFolder(options.dataDir);
  const register = new ProcessRegister(data.pids);
  await register.takeOver();
  const starting = new Start(data, register, options);
  try {
    return await starting.run();
  } catch (error) {
    await starting.stop();
    // Whoever ends the start wants to hear that, not what it broke.
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function requireBuild(): Promise<void> {
  for (const service of serviceNames) {
    const script = scriptOf(service);
    await access(script).catch(() => {
      throw new LocalStackError(`${script} is missing. Build first: npm run build`);
    });
  }
}

function scriptOf(service: ServiceName): string {
  return join(workspaceRoot, 'apps', service, 'dist/main.js');
}

class Start {
  private postgres: RunningPostgres | undefined;
  private postgresPid: number | null = null;
  private readonly services = new Map<ServiceName, ServiceProcess>();
  private stopping: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly data: DataFolder,
    private readonly register: ProcessRegister,
    private readonly options: LocalStackOptions,
  ) {}

  async run(): Promise<LocalStack> {
    const { data, options } = this;
    const ports = await claimPorts(options.ports ?? {});
    await this.requireReachableFolders();
    const [postgres, identities] = await Promise.all([
      this.startPostgres(ports.postgres),
      ensureDevelopmentCa(data.tls, identified),
    ]);
    const around: ServiceSurroundings = {
      workspaceRoot,
      data,
      ports,
      identities,
      queueUrl: options.queueUrl ?? null,
      databaseUrl: (role) => postgres.url(role),
      logLevel: options.logLevel ?? 'info',
      system: systemEnvironment(),
    };
    options.signal?.throwIfAborted();
    await migrateDatabases(around);
    for (const row of START_ORDER) await this.startServices(row, around);
    return this.handle(ports);
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopInOrder();
    return this.stopping;
  }

  private stopNow(): void {
    for (const service of this.services.values()) service.killNow();
    // PostgreSQL ends cleanly by itself, whoever waits for it.
    if (this.postgresPid !== null && !this.stopped) signalProcess(this.postgresPid, 'SIGINT');
  }

  private async stopInOrder(): Promise<void> {
    const rows: readonly (readonly ServiceName[])[] = START_ORDER;
    for (const row of rows.toReversed()) {
      await Promise.all(row.map(async (name) => this.services.get(name)?.stop()));
    }
    await this.postgres?.stop();
    this.stopped = true;
    await this.register.clear();
  }

  private async startPostgres(port: number): Promise<RunningPostgres> {
    const directory = this.data.postgres;
    this.postgres = await startPostgres({ directory, port });
    this.postgresPid = await postgresPid(directory);
    if (this.postgresPid !== null) await this.register.add('postgres', this.postgresPid);
    return this.postgres;
  }

  private async requireReachableFolders(): Promise<void> {
    await requireReachableForPostgres(
      this.data.postgres,
      'Open the way (chmod o+x), or put the data elsewhere: LOCAL_DATA_DIR=/var/tmp/reunite npm start',
    );
    await requireReachableForPostgres(workspaceRoot, 'Open the way (chmod o+x), or check out elsewhere.');
  }

  private async startServices(row: readonly ServiceName[], around: ServiceSurroundings): Promise<void> {
    this.options.signal?.throwIfAborted();
    const environments = serviceEnvironments(around);
    const outcomes = await Promise.allSettled(
      row.map(async (name) => {
        const settings = {
          name,
          script: scriptOf(name),
          env: environments[name],
          logFile: await newLogFile(this.data, name),
        };
        const service = new ServiceProcess(settings, {
          onStarted: (_name, pid) => void this.register.add(name, pid),
          onEnded: () => void this.register.remove(name),
          onNotice: (text) => this.options.onNotice?.(text),
        });
        this.services.set(name, service);
        await service.start();
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private handle(ports: Ports): LocalStack {
    const serviceOf = (name: ServiceName) => {
      const service = this.services.get(name);
      if (!service) throw new LocalStackError(`The stack has no service ${name}.`);
      return service;
    };
    return {
      urls: addressesOf(ports),
      ports,
      data: this.data,
      stop: () => this.stop(),
      stopNow: () => this.stopNow(),
      kill: (name) => serviceOf(name).kill(),
      restart: (name) => serviceOf(name).restart(),
      logs: (name, lines = 20) => logTail(serviceOf(name).logFile, lines),
    };
  }
}

/** Not the whole environment: a service sees what it is told, and nothing that happens to be set in a shell. */
function systemEnvironment(): Record<string, string> {
  const entries = ['PATH', 'HOME', 'NODE_OPTIONS'].map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
