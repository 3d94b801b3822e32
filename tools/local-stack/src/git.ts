import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalStackError } from './local-stack.error.js';

const run = promisify(execFile);

/** @throws LocalStackError where there is no git: the simulator's repositories are real ones. */
export async function requireGit(): Promise<void> {
  try {
    await run('git', ['--version']);
  } catch (cause) {
    throw new LocalStackError('git is missing, and the simulator needs it. Install it: apt-get install git', { cause });
  }
}
