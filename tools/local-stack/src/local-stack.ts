import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDevelopmentCa } from '@reunite/testing';
import {
  newLogFile,
  openDataFolder,
  recordSchemaVersion,
  requireCompatibleData,
  requireReachableForPostgres,
} from './data-folder.js';
import type { DataFolder } from './data-folder.js';
import { requireGit } from './git.js';
import { LocalStackError } from './local-stack.error.js';
import { logTail } from './log-tail.js';
import { migrateDatabases } from './migrations.js';
import { claimPorts } from './ports.js';
import type { Ports } from './ports.js';
import { LoadBalancer } from './load-balancer.js';
import { BALANCED_PORTS, replicasOf } from './replicas.js';
import type { Replicas } from './replicas.js';
import type { ProcessObserver } from './process-observer.js';
import { ProcessRegister } from './process-register.js';
import { ServiceProcess } from './service-process.js';
import { addressesOf, certifiedServices, serviceEnvironments, serviceNames, START_ORDER } from './services.js';
import type { ServiceName, ServiceSurroundings, SimulatorSettings, StackAddresses } from './services.js';
import { SupervisedPostgres } from './supervised-postgres.js';

export interface LocalStackOptions {
  /** Folder for all data; the next start continues with it. */
  readonly dataDir: string;
  /** Ports that differ from the defaults; 0 selects a free one. */
  readonly ports?: Partial<Ports>;
  /** URL of a running Redis for jobs. Default: the PostgreSQL of the stack. */
  readonly queueUrl?: string | undefined;
  readonly logLevel?: string;
  /** Settings of the simulator by environment variable, e.g. a private network in front of it. */
  readonly simulator?: SimulatorSettings | undefined;
  /** Processes of a service; several are behind a load balancer that honours `/readyz`. Default: one of each. */
  readonly replicas?: Replicas | undefined;
  /** Further variables of every service, e.g. `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Executable of Node.js for the services. Default: the one of this process. */
  readonly node?: string | undefined;
  /** Repository whose build is started. Default: this one. */
  readonly build?: string | undefined;
  /** Receives messages for the user, e.g. that a service exited, is running again or stays down. */
  readonly onNotice?: (text: string) => void;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}

export interface LocalStack {
  readonly urls: StackAddresses;
  readonly ports: Ports;
  readonly data: DataFolder;
  /** Stops everything in order. The data stays. */
  stop(): Promise<void>;
  /** Stops everything without waiting, for the exit of this process. */
  stopNow(): void;
  /** Kills a service, or one of its replicas, like a crash. It is restarted automatically. */
  kill(service: ServiceName): Promise<void>;
  /** Kills PostgreSQL like a crash. It is restarted automatically. */
  killPostgres(): void;
  /**
   * Restarts a service, one replica after the other. Resolves when all are ready.
   *
   * @param build repository whose build is started from now on. Default: the same one
   */
  restart(service: ServiceName, build?: string): Promise<void>;
  /** Runs the migrations of a build, while the services run. */
  migrate(build: string): Promise<void>;
  /** The last lines of a service's log. */
  logs(service: ServiceName, lines?: number): Promise<string[]>;
}

const PLAIN_SIMULATOR: SimulatorSettings = { scheme: 'http', environment: {} };

/** This repository. */
export const workspaceRoot = join(import.meta.dirname, '../../..');

/**
 * Starts PostgreSQL, all services and the GHES simulator on this machine.
 *
 * @throws LocalStackError if something prevents the start: missing Git, a port in use, a folder, a failing service
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await requireGit();
  await requireBuild(options.build ?? workspaceRoot);
  const data = await openDataFolder(options.dataDir);
  await requireCompatibleData(data);
  const register = new ProcessRegister(data.pids);
  await register.takeOver();
  const starting = new Start(data, register, options);
  try {
    return await starting.run();
  } catch (error) {
    await starting.stop();
    // An abort is the cause of whatever failed after it.
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function requireBuild(root: string): Promise<void> {
  for (const service of serviceNames) {
    const script = scriptOf(service, root);
    await access(script).catch(() => {
      throw new LocalStackError(`${script} is missing. Build first: npm run build`);
    });
  }
}

function scriptOf(service: ServiceName, root: string): string {
  return join(root, 'apps', service, 'dist/main.js');
}

class Start {
  private postgres: SupervisedPostgres | undefined;
  private readonly services = new Map<ServiceName, ServiceProcess[]>();
  private readonly balancers = new Map<ServiceName, LoadBalancer>();
  private stopping: Promise<void> | undefined;

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
      ensureDevelopmentCa(data.tls, certifiedServices),
    ]);
    const around: ServiceSurroundings = {
      workspaceRoot: options.build ?? workspaceRoot,
      data,
      ports,
      identities,
      queueUrl: options.queueUrl ?? null,
      databaseUrl: (role) => postgres.url(role),
      logLevel: options.logLevel ?? 'info',
      simulator: options.simulator ?? PLAIN_SIMULATOR,
      system: systemEnvironment(),
    };
    options.signal?.throwIfAborted();
    await migrateDatabases(around);
    await recordSchemaVersion(data);
    for (const row of START_ORDER) await this.startServices(row, around);
    return this.controls(around);
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopInOrder();
    return this.stopping;
  }

  private stopNow(): void {
    for (const service of [...this.services.values()].flat()) service.killNow();
    this.postgres?.stopNow();
  }

  private async stopInOrder(): Promise<void> {
    const rows: readonly (readonly ServiceName[])[] = START_ORDER;
    for (const row of rows.toReversed()) {
      await Promise.all(row.flatMap((name) => this.services.get(name) ?? []).map((service) => service.stop()));
    }
    for (const balancer of this.balancers.values()) balancer.close();
    await this.postgres?.stop();
    await this.register.clear();
  }

  private async startPostgres(port: number): Promise<SupervisedPostgres> {
    this.postgres = await SupervisedPostgres.start(this.data.postgres, port, this.observer);
    return this.postgres;
  }

  private readonly observer: ProcessObserver = {
    onStarted: (name, pid) => void this.register.add(name, pid),
    onEnded: (name) => void this.register.remove(name),
    onNotice: (text) => this.options.onNotice?.(text),
  };

  private async requireReachableFolders(): Promise<void> {
    await requireReachableForPostgres(
      this.data.postgres,
      'Allow it (chmod o+x), or use another data folder: LOCAL_DATA_DIR=/var/tmp/reunite npm start',
    );
    await requireReachableForPostgres(workspaceRoot, 'Allow it (chmod o+x), or move the checkout.');
  }

  private async startServices(row: readonly ServiceName[], around: ServiceSurroundings): Promise<void> {
    this.options.signal?.throwIfAborted();
    const environments = serviceEnvironments(around);
    const outcomes = await Promise.allSettled(
      row.map((name) => this.startService(name, { ...environments[name], ...this.options.environment }, around.ports)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async startService(name: ServiceName, env: Readonly<Record<string, string>>, ports: Ports): Promise<void> {
    const count = name === 'ghes-simulator' ? 1 : (this.options.replicas?.[name] ?? 1);
    const replicas = count === 1 ? [] : await replicasOf(name, count, env);
    const [first = { name, env }, ...others] = replicas;
    // The first replica of the vault creates the key-encryption key.
    await this.startProcess(name, first);
    await Promise.all(others.map((replica) => this.startProcess(name, replica)));
    const front = BALANCED_PORTS[name];
    if (count === 1 || !front) return;
    const backends = replicas.map(({ backend }) => backend);
    this.balancers.set(name, await LoadBalancer.start(ports[front.port], backends, front.protocol));
  }

  private async startProcess(
    service: ServiceName,
    { name, env }: { readonly name: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<void> {
    const { build = workspaceRoot, node = process.execPath } = this.options;
    const logFile = await newLogFile(this.data, name);
    const settings = { name, script: scriptOf(service, build), node, env, logFile };
    const replica = new ServiceProcess(settings, this.observer);
    this.services.set(service, [...(this.services.get(service) ?? []), replica]);
    await replica.start();
  }

  private controls(around: ServiceSurroundings): LocalStack {
    const { ports } = around;
    const replicasOfService = (name: ServiceName) => this.services.get(name) ?? [];
    const serviceOf = (name: ServiceName) => {
      const [service] = replicasOfService(name);
      if (!service) throw new LocalStackError(`The stack has no service ${name}.`);
      return service;
    };
    return {
      urls: addressesOf(ports, this.options.simulator?.scheme),
      ports,
      data: this.data,
      stop: () => this.stop(),
      stopNow: () => this.stopNow(),
      kill: (name) => serviceOf(name).kill(),
      killPostgres: () => this.postgres?.kill(),
      migrate: (build) => migrateDatabases({ ...around, workspaceRoot: build }),
      restart: async (name, build) => {
        for (const replica of replicasOfService(name)) {
          await replica.restart(build === undefined ? undefined : scriptOf(name, build));
          await this.balancers.get(name)?.untilAllReady();
        }
      },
      logs: (name, lines = 20) => logTail(serviceOf(name).logFile, lines),
    };
  }
}

/** Services receive a few variables of this process only, so that settings of a shell cannot affect them. */
function systemEnvironment(): Record<string, string> {
  const entries = ['PATH', 'HOME', 'NODE_OPTIONS'].map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
