import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderStorage } from '@reunite/blob-storage';
import { SiteArchive } from '@reunite/site-archive';
import { eventually } from '@reunite/testing';
import { storeFiles } from '../../../test/stored-files.js';
import { TASK_FOLDERS } from '../../../test/task-folders.js';
import type { IsolationLimits } from './isolated-process.js';
import { IsolatedProcesses } from './isolated-processes.js';
import type { BuildTask, Report, Task } from './tasks.js';

const misbehaving = fileURLToPath(new URL('../../../test/misbehaving-process.mjs', import.meta.url));
const opened: IsolatedProcesses[] = [];
const { signal } = new AbortController();

function open(limits: IsolationLimits = { timeoutSeconds: 60, memoryMb: 256 }, script?: string): IsolatedProcesses {
  const processes = new IsolatedProcesses({ folders: TASK_FOLDERS, ...limits }, script);
  opened.push(processes);
  return processes;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((processes) => processes.close()));
});

describe('an isolated process', () => {
  /** A task that only the stand-in understands. */
  const run = (processes: IsolatedProcesses, kind: string, own = signal) =>
    processes.run({ kind } as unknown as Task, { signal: own, onLog: () => undefined }) as Promise<unknown>;
  it('has an empty environment', async () => {
    const environment = JSON.parse((await run(open(undefined, misbehaving), 'environment')) as string) as object;
    expect(Object.keys(environment).filter((name) => !name.startsWith('NODE_CHANNEL'))).toEqual([]);
    const [limit] = JSON.parse((await run(open(undefined, misbehaving), 'arguments')) as string) as string[];
    expect(limit).toBe('--max-old-space-size=256');
  });

  it('attack: foreign code reads no files of the worker or the system, writes none, and starts no process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isolated-'));
    const key = join(folder, 'key.pem');
    writeFileSync(key, 'a key');
    mkdirSync(join(folder, 'artifacts'));
    const folders = { read: [], write: [join(folder, 'artifacts')] };
    const processes = open({ timeoutSeconds: 60, memoryMb: 256, folders }, misbehaving);
    const codeOf = (kind: string, path?: string) =>
      processes.run({ kind, path } as unknown as Task, { signal, onLog: () => undefined }) as Promise<unknown>;
    try {
      for (const path of ['/etc/passwd', `/proc/${process.pid}/environ`, '/proc/self/environ', key]) {
        expect([path, await codeOf('read', path)]).toEqual([path, 'ERR_ACCESS_DENIED']);
      }
      expect(await codeOf('write', join(folder, 'key.pem'))).toBe('ERR_ACCESS_DENIED');
      expect(await codeOf('spawn')).toBe('ERR_ACCESS_DENIED');
      expect(await codeOf('write', join(folder, 'artifacts/index.html'))).toBeNull();
      expect(await codeOf('read', join(folder, 'artifacts/index.html'))).toBeNull();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('attack: foreign code writes no file through SQLite or V8', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isolated-'));
    const write = (kind: string) => {
      const task = { kind, path: join(folder, kind) } as unknown as Task;
      return open(undefined, misbehaving).run(task, { signal, onLog: () => undefined }) as Promise<unknown>;
    };
    try {
      expect(await write('database')).toBe('ERR_UNKNOWN_BUILTIN_MODULE');
      await expect(write('compile')).rejects.toMatchObject({ code: 'build-process-died' });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('attack: foreign code starts no thread, which would have no permission model', async () => {
    expect(await run(open(undefined, misbehaving), 'thread')).toBe('ERR_ACCESS_DENIED');
  });

  it('is killed when it loops', async () => {
    const processes = open({ timeoutSeconds: 1, memoryMb: 256 }, misbehaving);
    let beats = 0;
    const heart = setInterval(() => (beats += 1), 20);
    const other = open(undefined, misbehaving);
    const looping = run(processes, 'loop');
    expect(await run(other, 'process')).toEqual(expect.any(Number));
    await expect(looping).rejects.toMatchObject({ code: 'build-timeout', retryable: false });
    clearInterval(heart);
    expect(beats).toBeGreaterThan(20);
    expect(await run(processes, 'process')).toEqual(expect.any(Number));
  });

  it.each(['memory', 'buffers'])('is killed when it uses too much memory: %s', async (kind) => {
    const processes = open({ timeoutSeconds: 60, memoryMb: 64 }, misbehaving);
    await expect(run(processes, kind)).rejects.toMatchObject({
      code: 'build-memory',
      message: expect.stringContaining('64 MB'),
    });
  });

  it.each(['die', 'exit'])('fails with a retryable error when it exits by itself: %s', async (kind) => {
    await expect(run(open(undefined, misbehaving), kind)).rejects.toMatchObject({
      code: 'build-process-died',
      retryable: true,
    });
  });

  it('returns the error of a task, with its code', async () => {
    const failed = run(open(undefined, misbehaving), 'fail');
    await expect(failed).rejects.toMatchObject({ code: 'page-too-large', retryable: false, message: 'No.' });
  });

  it('is killed when the signal aborts', async () => {
    const stop = new AbortController();
    const looping = run(open(undefined, misbehaving), 'loop', stop.signal);
    const reason = new Error('stopped');
    setTimeout(() => stop.abort(reason), 200);
    await expect(looping).rejects.toBe(reason);
  });

  it('attack: lints of one tenant run at a lower priority than syncs and builds of others', async () => {
    const processes = open(undefined, misbehaving);
    const looping = run(processes, 'lint').catch(() => null);
    const [pid] = processes.pids;
    expect(getPriority(pid)).toBe(Math.min(getPriority() + 10, 19));
    const build = (await run(processes, 'process')) as number;
    expect(getPriority(build)).toBe(getPriority());
    await processes.close();
    await looping;
  });

  it('does not count the time in which a process loads the code of its task', async () => {
    const processes = open(undefined, misbehaving);
    const pid = await run(processes, 'load');
    expect(await run(processes, 'load')).toBe(pid);
  });

  it('attack: a task that takes long continues at a lower priority, and its process is not reused', async () => {
    const processes = open(undefined, misbehaving);
    const stop = new AbortController();
    const looping = run(processes, 'loop', stop.signal).catch(() => null);
    const [pid] = processes.pids;
    await eventually(() => getPriority(pid) === Math.min(getPriority() + 15, 19), { withinMs: 10_000 });
    const quick = (await run(processes, 'process')) as number;
    expect(getPriority(quick)).toBe(getPriority());
    stop.abort(new Error('stopped'));
    await looping;
    expect(await run(processes, 'process')).toBe(quick);
  });

  it('attack: concurrent tasks of two tenants keep warm processes for each kind', async () => {
    const processes = open(undefined, misbehaving);
    const both = () => Promise.all([run(processes, 'process'), run(processes, 'process')]);
    const first = await both();
    expect(new Set(first).size).toBe(2);
    expect(new Set(await both())).toEqual(new Set(first));
  });

  it('attack: a slow task of one tenant leaves the process that is warm to another tenant', async () => {
    const processes = open(undefined, misbehaving);
    const work = (milliseconds: number) =>
      processes.run({ kind: 'work', milliseconds } as unknown as Task, { signal, onLog: () => undefined });
    const quick = work(0);
    const slow = await work(1_500);
    expect(processes.pids).not.toContain(slow);
    expect(processes.pids).toHaveLength(2);
    expect(await work(0)).toBe(await quick);
  });

  it('attack: a task that fails leaves a new process to the next task', async () => {
    const processes = open(undefined, misbehaving);
    const dying = run(processes, 'die');
    const before = processes.pids;
    await expect(dying).rejects.toMatchObject({ code: 'build-process-died' });
    expect(processes.pids).toEqual([expect.any(Number)]);
    expect(processes.pids).not.toEqual(before);
  });

  it('is reused, and killed on close', async () => {
    const processes = open(undefined, misbehaving);
    const pid = (await run(processes, 'process')) as number;
    expect(await run(processes, 'process')).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await eventually(() => !isThere(pid));
    const next = (await run(processes, 'process')) as number;
    expect(next).not.toBe(pid);
    await processes.close();
    expect(isThere(next)).toBe(false);
  });
});

/** Opens the site that a build wrote. */
function siteIn(folder: string): Promise<SiteArchive | null> {
  return SiteArchive.open(new FolderStorage(dirname(folder)), basename(folder));
}

/** With the compiled code of this app, as it runs: build it first. */
describe('a build in an isolated process', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  async function prepare(files: Readonly<Record<string, string>>) {
    const { folder, source } = await storeFiles(files);
    folders.push(folder);
    const target = { folder: join(folder, 'site'), cacheFile: join(folder, 'cache'), cacheBytes: 1_000_000 };
    mkdirSync(target.folder);
    const build: BuildTask = { kind: 'build', title: 'Docs', ...source, ...target };
    const lines: string[] = [];
    const onLog = ({ message }: Extract<Report, { type: 'log' }>) => void lines.push(message);
    return { source, build, lines, run: { signal, onLog } };
  }

  it('writes the site and its log, and caches rendered pages', async () => {
    const { build, lines, run } = await prepare({ 'index.md': '# Hello\n\n[no](no.md)\n' });
    const processes = open();
    const result = await processes.run(build, run);
    expect(result).toMatchObject({ pages: 1, problems: [{ code: 'link-broken', file: 'index.md', line: 3 }] });
    const page = async () => String(await (await siteIn(build.folder))?.read('index.html'));
    expect(await page()).toContain('Hello');
    expect(lines).toContain('1 pages found');
    expect(existsSync(build.cacheFile)).toBe(true);
    const packs = readdirSync(build.folder);
    expect(await processes.run(build, run)).toEqual(result);
    // The page was taken over from the earlier site.
    expect(readdirSync(build.folder).filter((name) => packs.includes(name)).length).toBe(packs.length);
    expect(await page()).toContain('Hello');
  });

  it('lints', async () => {
    const { source, run } = await prepare({ 'index.md': 'No title', 'openapi.yaml': 'openapi: 3.1.0\npaths: {}\n' });
    const { errors, findings } = await open().run({ kind: 'lint', ...source }, run);
    expect(errors).toBeGreaterThan(0);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'title-missing', file: 'index.md' }));
  });

  it('returns the diagnostics of the builder, with their places', async () => {
    const { build, run } = await prepare({ 'openapi.yaml': 'openapi: 3.1.0\npaths: [\n' });
    await expect(open().run(build, run)).rejects.toMatchObject({
      code: 'openapi-invalid',
      problems: [expect.objectContaining({ file: 'openapi.yaml' })],
    });
  });

  it('is killed in the middle of a slow page of 2 MB', async () => {
    const { build, run } = await prepare({ 'index.md': '['.repeat(2_000_000) });
    const processes = open({ timeoutSeconds: 1, memoryMb: 512 });
    await expect(processes.run(build, run)).rejects.toMatchObject({ code: 'build-timeout' });
  });

  it('exits with its parent, even in the middle of a page', async () => {
    const { build } = await prepare({ 'index.md': '['.repeat(2_000_000), 'two.md': '['.repeat(2_000_000) });
    const compiled = new URL('../../../dist/builds/isolation/isolated-processes.js', import.meta.url).href;
    const code = `import { IsolatedProcesses } from '${compiled}';
      const processes = new IsolatedProcesses({ timeoutSeconds: 60, memoryMb: 512, folders: ${JSON.stringify(TASK_FOLDERS)} });
      const run = { signal: new AbortController().signal, onLog: () => undefined };
      const building = processes.run(${JSON.stringify(build)}, run);
      console.log(processes.pids[0]);
      await building;`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(pid.toString());
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    parent.kill('SIGKILL');
    await eventually(() => !isThere(child));
    expect(await siteIn(build.folder)).toBeNull();
  });

  it('is killed when a page uses too much memory', async () => {
    const { build, run } = await prepare({ 'index.md': '*a_'.repeat(600_000) });
    const processes = open({ timeoutSeconds: 60, memoryMb: 64 });
    await expect(processes.run(build, run)).rejects.toMatchObject({ code: 'build-memory' });
  });
});

jest.setTimeout(90_000);
