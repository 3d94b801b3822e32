import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { buffer, text } from 'node:stream/consumers';
import { GitMissingError } from './git-missing.error.js';
import { GitError } from './git.error.js';

export interface GitOptions {
  readonly binary: string;
  readonly searchPath: string;
  /** The only configuration that Git reads. */
  readonly configFile: string;
}

/**
 * As on GitHub, clients may fetch any commit and filter, and cannot push pull request refs. Hooks and background
 * processes are disabled.
 */
const CONFIGURATION = `[core]
	hooksPath = /dev/null
	quotePath = false
[init]
	defaultBranch = main
	templateDir =
[safe]
	directory = *
[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
	allowReachableSHA1InWant = true
[receive]
	hideRefs = refs/pull
	maxInputSize = 2g
	autogc = false
	denyNonFastForwards = false
[gc]
	auto = 0
[maintenance]
	auto = false
[protocol]
	version = 2
`;

export class Git {
  private constructor(
    private readonly options: GitOptions,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @throws GitMissingError if Git cannot be run or is too old */
  static async create(options: GitOptions): Promise<Git> {
    await writeFile(options.configFile, CONFIGURATION);
    const git = new Git(options, {
      PATH: options.searchPath,
      HOME: '/nonexistent',
      LC_ALL: 'C.UTF-8',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: options.configFile,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
    });
    const version = await git.run(['--version']).catch((error: unknown) => {
      throw new GitMissingError(options.binary, 'could not be run', error);
    });
    const [, major, minor] = /(?<!\d)(\d+)\.(\d+)/.exec(version.toString('utf8')) ?? [];
    if (Number(major) * 1000 + Number(minor) < 2038) {
      throw new GitMissingError(options.binary, `is "${version.toString('utf8').trim()}"`);
    }
    return git;
  }

  spawn(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(this.options.binary, args, { env: { ...this.environment, ...environment }, stdio: 'pipe' });
  }

  /** Runs Git. @returns its output @throws GitError if it fails */
  async run(args: readonly string[], input?: string | Buffer, environment?: NodeJS.ProcessEnv): Promise<Buffer> {
    const child = this.spawn(args, environment);
    // Git may exit before it has read all input. The exit code decides, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, [exitCode]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    if (exitCode !== 0) throw new GitError(args, exitCode, stdout, stderr);
    return stdout;
  }
}
