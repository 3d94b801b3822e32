import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LocalStackError } from './local-stack.error.js';
import { signalProcess } from './signal-process.js';

const run = promisify(execFile);

const entrySchema = z.object({ name: z.string(), pid: z.number().int().positive(), identity: z.string() });
type Entry = z.output<typeof entrySchema>;

const SUPERVISOR = 'local-stack';
const END_MS = 8_000;
const POLL_MS = 50;

/**
 * Which processes belong to a stack, kept in a file. When the stack's own process is killed, its services live on; the
 * next start ends them. A process is only touched if it is the very one that was written down.
 */
export class ProcessRegister {
  private entries: Entry[] = [];
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {}

  /**
   * Ends what a killed stack left behind, and takes the folder for this process.
   *
   * @throws LocalStackError if a stack runs on this folder right now.
   */
  async takeOver(): Promise<void> {
    const alive: Entry[] = [];
    for (const entry of await this.read()) if (await isAlive(entry)) alive.push(entry);
    const supervisor = alive.find(({ name }) => name === SUPERVISOR);
    if (supervisor) {
      throw new LocalStackError(
        `A local stack runs on ${this.file.replace(/\/[^/]*$/, '')} already, as process ${supervisor.pid}. ` +
          'Stop it first, or give this one another folder and other ports: LOCAL_DATA_DIR=<folder>',
      );
    }
    // The database was started first and ends last, so that nobody is connected to it any more.
    for (const entry of alive.reverse()) await end(entry);
    await this.add(SUPERVISOR, process.pid);
  }

  async add(name: string, pid: number): Promise<void> {
    const identity = await identityOf(pid);
    if (identity === null) return;
    this.entries = [...this.entries.filter((entry) => entry.name !== name), { name, pid, identity }];
    await this.write();
  }

  async remove(name: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.name !== name);
    await this.write();
  }

  /** Gives the folder back. */
  async clear(): Promise<void> {
    this.entries = [];
    await this.written;
    await rm(this.file, { force: true });
  }

  private async read(): Promise<Entry[]> {
    try {
      return z.array(entrySchema).parse(JSON.parse(await readFile(this.file, 'utf8')));
    } catch {
      return [];
    }
  }

  private write(): Promise<void> {
    this.written = this.written.then(async () => {
      await writeFile(`${this.file}.new`, JSON.stringify(this.entries, null, 2));
      await rename(`${this.file}.new`, this.file);
    });
    return this.written;
  }
}

/** What makes a process this one and no other that got its number later: its start and its command line. */
async function identityOf(pid: number): Promise<string | null> {
  try {
    if (process.platform !== 'linux') {
      return (await run('ps', ['-o', 'lstart=,command=', '-p', String(pid)])).stdout.trim();
    }
    const [line, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // Field 22; the second one is a name that may hold blanks and parentheses (proc(5)).
    const [state, ...fields] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return null;
    return `${fields[18] ?? ''} ${command.replaceAll('\0', ' ').trim()}`;
  } catch {
    return null;
  }
}

async function isAlive({ pid, identity }: Entry): Promise<boolean> {
  return (await identityOf(pid)) === identity;
}

/** SIGINT ends our services as Ctrl-C would, and PostgreSQL without waiting for its clients. */
async function end(entry: Entry): Promise<void> {
  const deadline = Date.now() + END_MS;
  signalProcess(entry.pid, 'SIGINT');
  while (await isAlive(entry)) {
    if (Date.now() > deadline) signalProcess(entry.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
