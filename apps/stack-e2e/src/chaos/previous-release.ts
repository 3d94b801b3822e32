import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '@reunite/local-stack';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface Release {
  /** Repository with its build. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Checks out a release in a temporary folder, installs its packages and builds it, which takes a few minutes.
 *
 * @param revision commit or tag
 */
export async function buildRelease(revision: string, log: (line: string) => void): Promise<Release> {
  const folder = join(await mkdtemp(join(tmpdir(), 'reunite-release-')), 'repository');
  const git = (...args: string[]) => run('git', args, { cwd: workspaceRoot });
  const env = { ...process.env, CI: 'true', HUSKY: '0', NX_DAEMON: 'false' };
  const npm = (...args: string[]) => run('npm', args, { cwd: folder, env, maxBuffer: MAX_OUTPUT_BYTES });
  log(`build ${revision} in ${folder}`);
  await git('worktree', 'add', '--detach', folder, revision);
  const remove = async () => {
    await git('worktree', 'remove', '--force', folder);
  };
  try {
    await npm('ci', '--prefer-offline', '--no-audit', '--no-fund');
    await npm('run', 'build');
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
