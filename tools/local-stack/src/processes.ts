import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Sends a signal to a process, or to a process group by its negative id. Ignores processes that have exited. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * The start time and command line of a process, which tell it from a later one with the same id. Null if it has exited.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  try {
    if (process.platform !== 'linux') {
      return (await run('ps', ['-o', 'lstart=,command=', '-p', String(pid)])).stdout.trim();
    }
    const [line, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // Field 22 is the start time. Field 2 is a name that may contain spaces and parentheses (proc(5)).
    const [state, ...fields] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return null;
    return `${fields[18] ?? ''} ${command.replaceAll('\0', ' ').trim()}`;
  } catch {
    return null;
  }
}
