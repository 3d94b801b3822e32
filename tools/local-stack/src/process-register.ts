import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { LocalStackError } from './local-stack.error.js';
import { processIdentity, signalProcess } from './processes.js';

const entrySchema = z.object({ name: z.string(), pid: z.number().int().positive(), identity: z.string() });
type Entry = z.output<typeof entrySchema>;

const SUPERVISOR = 'local-stack';
const END_MS = 8_000;
const POLL_MS = 50;

/**
 * The processes of a stack, in a file. If the supervisor is killed, its services keep running, and the next start ends
 * them. A process is ended only if its identity matches the file.
 */
export class ProcessRegister {
  private entries: Entry[] = [];
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {}

  /**
   * Ends the processes of a killed stack, and claims the folder for this process.
   *
   * @throws LocalStackError if a stack is running on this folder
   */
  async takeOver(): Promise<void> {
    const alive: Entry[] = [];
    for (const entry of await this.read()) if (await isAlive(entry)) alive.push(entry);
    const supervisor = alive.find(({ name }) => name === SUPERVISOR);
    if (supervisor) {
      throw new LocalStackError(
        `Another local stack is running on ${this.file.replace(/\/[^/]*$/, '')} (process ${supervisor.pid}). ` +
          'Stop it, or use another folder and other ports: LOCAL_DATA_DIR=<folder>',
      );
    }
    // In reverse order of the start, so that the database ends after its clients.
    for (const entry of alive.reverse()) await end(entry);
    await this.add(SUPERVISOR, process.pid);
  }

  async add(name: string, pid: number): Promise<void> {
    const identity = await processIdentity(pid);
    if (identity === null) return;
    this.entries = [...this.entries.filter((entry) => entry.name !== name), { name, pid, identity }];
    await this.write();
  }

  async remove(name: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.name !== name);
    await this.write();
  }

  /** Releases the folder. */
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

async function isAlive({ pid, identity }: Entry): Promise<boolean> {
  return (await processIdentity(pid)) === identity;
}

/** SIGINT stops services like Ctrl-C, and is a fast shutdown for PostgreSQL, which does not wait for clients. */
async function end(entry: Entry): Promise<void> {
  const deadline = Date.now() + END_MS;
  signalProcess(entry.pid, 'SIGINT');
  while (await isAlive(entry)) {
    if (Date.now() > deadline) signalProcess(entry.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
