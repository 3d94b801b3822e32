import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalStackError } from './local-stack.error.js';

const run = promisify(execFile);

/** @throws LocalStackError if Git is missing; the simulator's repositories are Git repositories */
export async function requireGit(): Promise<void> {
  try {
    await run('git', ['--version']);
  } catch (cause) {
    throw new LocalStackError('The simulator needs Git, which is missing. Install it: apt-get install git', { cause });
  }
}
