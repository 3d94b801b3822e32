import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** There is no container engine, or no Compose. */
export class NoEngineError extends Error {}

export interface EngineSettings {
  /** The repository. */
  readonly root: string;
  readonly project: string;
  readonly profile: string;
  /** A second compose file, e.g. for an engine without cgroups. */
  readonly override: string | null;
  readonly env: NodeJS.ProcessEnv;
}

/** Docker, or Podman with a socket in DOCKER_HOST, and Compose 2 or 1.29. */
export class Engine {
  private constructor(
    private readonly settings: EngineSettings,
    private readonly composeCommand: readonly string[],
    private readonly folder: string,
  ) {}

  /** @throws NoEngineError that names what is missing */
  static async find(settings: EngineSettings): Promise<Engine> {
    const { env } = settings;
    const works = (...command: string[]) => Engine.exec(command, env).then(Boolean, () => false);
    if (!(await works('docker', 'version', '--format', '{{.Server.Version}}'))) {
      throw new NoEngineError(
        'There is no container engine: `docker version` reaches no server. Start one, or set DOCKER_HOST.',
      );
    }
    const folder = await mkdtemp(join(tmpdir(), 'reunite-containers-'));
    if (await works('docker', 'compose', 'version')) return new Engine(settings, ['docker', 'compose'], folder);
    if (await works('docker-compose', 'version')) return new Engine(settings, ['docker-compose'], folder);
    throw new NoEngineError('Compose is missing: neither `docker compose` nor `docker-compose` works.');
  }

  /** Runs Compose on the repository's file. @returns its output */
  async compose(...args: string[]): Promise<string> {
    const { root, project, profile, override } = this.settings;
    // Compose 1 does not know `name`.
    const text = await readFile(join(root, 'docker-compose.yml'), 'utf8');
    const file = join(this.folder, 'docker-compose.yml');
    await writeFile(file, text.replace(/^name: .*$/m, ''));
    const files = ['-f', file, ...(override === null ? [] : ['-f', override])];
    const options = [...files, '--project-directory', root, '--project-name', project, '--profile', profile];
    return Engine.exec([...this.composeCommand, ...options, ...args], this.settings.env);
  }

  /** Runs deploy/backup.sh. @param folders for the data, and for the keys */
  async backUp(action: 'backup' | 'restore', folders: readonly string[]): Promise<void> {
    const { root, project, env } = this.settings;
    await Engine.exec([join(root, 'deploy/backup.sh'), action, ...folders, project], env);
  }

  docker(...args: string[]): Promise<string> {
    return Engine.exec(['docker', ...args], this.settings.env);
  }

  /** Size of an image with the tag of the compose file, in MB. */
  async megabytesOf(image: string): Promise<number> {
    const tag = this.settings.env['TAG'] ?? 'local';
    return Math.round(Number(await this.docker('image', 'inspect', '--format', '{{.Size}}', `${image}:${tag}`)) / 1e6);
  }

  /** Name of a service's container. */
  async containerOf(service: string): Promise<string> {
    const id = (await this.compose('ps', '-q', service)).split('\n')[0] ?? '';
    if (id === '') throw new Error(`The service ${service} has no container.`);
    return id;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private static async exec([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = await run(command, args, { env, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout.trim();
  }
}
