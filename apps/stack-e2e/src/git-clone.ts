import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Access = Readonly<Record<string, string>>;

/** A clone of a repository, used through Git's command line. */
export class GitClone {
  private constructor(
    readonly directory: string,
    private readonly access: Access,
  ) {}

  /** @param access variables of Git that reach a server in a private network */
  static async of(url: string, directory: string, access: Access = {}): Promise<GitClone> {
    const clone = new GitClone(directory, access);
    await git(dirname(directory), ['clone', '--quiet', url, directory], access);
    await clone.git('config', 'user.name', 'Mona Lisa Octocat');
    await clone.git('config', 'user.email', 'octocat@example.com');
    return clone;
  }

  git(...args: string[]): Promise<string> {
    return git(this.directory, args, this.access);
  }

  /** Creates a tree from lines in the format of `git ls-tree`, without validating the names. */
  mktree(lines: string): Promise<string> {
    return git(this.directory, ['mktree'], this.access, lines);
  }

  /** Writes a file, commits and pushes it. @returns the commit */
  async push(branch: string, path: string, text: string, message = `Change ${path}`): Promise<string> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '-m', message);
    await this.git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    return this.head();
  }

  head(): Promise<string> {
    return this.git('rev-parse', 'HEAD');
  }
}

/** Runs Git without user settings, credential helpers and prompts. */
async function git(directory: string, args: readonly string[], access: Access, input?: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...access,
  };
  const running = run('git', args, { cwd: directory, env, maxBuffer: 64 * 1024 * 1024 });
  if (input !== undefined) running.child.stdin?.end(input);
  return (await running).stdout.trim();
}
