import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProcessRegister } from './process-register.js';

describe('ProcessRegister', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'process-register-'));
    file = join(folder, 'pids.json');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  async function sleeper(): Promise<ChildProcess & { pid: number }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    children.push(child);
    return child as ChildProcess & { pid: number };
  }

  it('ends the processes of a killed stack', async () => {
    const left = await sleeper();
    await new ProcessRegister(file).add('api', left.pid);
    const exited = once(left, 'exit');
    await new ProcessRegister(file).takeOver();
    expect(await exited).toEqual([null, 'SIGINT']);
  });

  it('does not end another process with the same id', async () => {
    const other = await sleeper();
    const stale = [{ name: 'api', pid: other.pid, identity: '123 node apps/api/dist/main.js' }];
    await writeFile(file, JSON.stringify(stale));
    await new ProcessRegister(file).takeOver();
    expect(other.exitCode).toBeNull();
    expect(other.signalCode).toBeNull();
  });

  it('rejects a folder on which a stack is running', async () => {
    await new ProcessRegister(file).takeOver();
    await expect(new ProcessRegister(file).takeOver()).rejects.toThrow(
      `Another local stack is running on ${folder} (process ${process.pid}).`,
    );
  });

  it('removes exited processes, and its file when the stack stops', async () => {
    const child = await sleeper();
    const register = new ProcessRegister(file);
    await register.add('api', child.pid);
    await register.remove('api');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([]);
    await register.clear();
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
  });
});
