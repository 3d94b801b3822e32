// A repository of many pages on the simulated server, and ways to change and fetch it, for bench `sync`.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load, OWNER } from './connected-user.mjs';

const { SimulatorClient } = await load('apps/stack-e2e/dist/simulator.client.js');

const run = promisify(execFile);
const FILES_PER_FOLDER = 10;
const GIT_ENV = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Runs git without settings of the user. */
export async function git(directory, args, home = directory) {
  const options = { cwd: directory, env: { ...GIT_ENV, HOME: home }, maxBuffer: 1 << 28 };
  return (await run('git', args, options)).stdout.trim();
}

/** A repository of `files` pages of about 2.5 KB, ten in a folder, pushed to the server. */
export class SyncRepository {
  static async create(server, folder, name, files) {
    const simulator = new SimulatorClient(server.url);
    await simulator.createRepository(OWNER, name);
    const source = join(folder, `${name}.git`);
    await git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', source]);
    const repository = new SyncRepository(source, name, simulator.cloneUrl(`${OWNER}/${name}`));
    await repository.change(Array.from({ length: files }, (_, file) => file));
    return repository;
  }

  #changes = 0;

  constructor(source, name, url) {
    Object.assign(this, { source, name, url });
  }

  /** Commits and pushes new texts for these files. @returns the commit */
  async change(files) {
    const round = this.#changes++;
    const importer = spawn('git', ['fast-import', '--quiet'], {
      cwd: this.source,
      env: { ...GIT_ENV, HOME: this.source },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const exited = once(importer, 'exit');
    const head = `commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + round} +0000\ndata 1\n.\n`;
    importer.stdin.write(round === 0 ? head : `${head}from refs/heads/main^0\n`);
    for (const file of files) {
      const text = pageText(file, round);
      const path = `part-${Math.floor(file / FILES_PER_FOLDER / 13)}/chapter-${Math.floor(file / FILES_PER_FOLDER)}/page-${file}.md`;
      if (!importer.stdin.write(`M 644 inline ${path}\ndata ${text.length}\n${text}\n`))
        await once(importer.stdin, 'drain');
    }
    importer.stdin.end();
    const [code] = await exited;
    if (code !== 0) throw new Error(`git fast-import ended with ${code}.`);
    await git(this.source, ['push', '--quiet', this.url, 'main']);
    return this.head();
  }

  head() {
    return git(this.source, ['rev-parse', 'main']);
  }
}

/** Processor time in ms of all processes that a process started and that have ended: of a server, its git. */
export async function childrenCpuMs(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) * TICK_MS;
}

/** Ids of the processes that this one started. */
export async function childPids() {
  return (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ').map(Number);
}

/** Words without order, so that a page compresses as text does. */
function pageText(file, round) {
  let seed = (file + 1) * 2_654_435_761 + round * 40_503;
  const next = (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const words = Array.from({ length: 420 }, () => WORDS[next(WORDS.length)]);
  return `# Page ${file}\n\nRound ${round}.\n\n${words.join(' ')}\n`;
}

const WORDS = Array.from({ length: 2_000 }, (_, n) =>
  (n * 7_919 + 104_729)
    .toString(36)
    .slice(0, 3 + (n % 6))
    .padEnd(3 + (n % 6), 'e'),
);
