import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { ServiceProcess } from './service-process.js';

const ready = `process.stdout.write('{"ready":true,"port":1}\\n');`;
const stays = `setInterval(() => undefined, 1_000); process.on('SIGTERM', () => process.exit(0));`;

describe('ServiceProcess', () => {
  let folder: string;
  let sut: ServiceProcess | undefined;
  let notices: string[];
  let pids: number[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'service-process-'));
    notices = [];
    pids = [];
  });
  afterEach(async () => {
    await sut?.stop();
    await rm(folder, { recursive: true });
  });

  async function service(code: string, env: Record<string, string> = {}): Promise<ServiceProcess> {
    const script = join(folder, 'main.mjs');
    await writeFile(script, code);
    sut = new ServiceProcess(
      { name: 'thing', script, node: process.execPath, env, logFile: join(folder, 'thing.log') },
      { onStarted: (_name, pid) => pids.push(pid), onEnded: () => undefined, onNotice: (text) => notices.push(text) },
    );
    return sut;
  }

  it('starts when the service reports that it is ready', async () => {
    await (await service(`${ready} ${stays}`)).start();
    expect(pids).toHaveLength(1);
  });

  it('reports why a service did not start, with the end of its log', async () => {
    const faulty = await service(`process.stderr.write('{"level":"fatal","msg":"no database"}\\n'); process.exit(3);`);
    await expect(faulty.start()).rejects.toThrow(/thing did not start \(exit code 3\)[^]*fatal no database/);
  });

  it('passes only the given environment', async () => {
    const sees = `process.stderr.write(Object.keys(process.env).sort().join()); ${ready} ${stays}`;
    await (await service(sees, { ONLY: 'this' })).start();
    expect(await readFile(join(folder, 'thing.log'), 'utf8')).toBe('ONLY');
  });

  it('restarts a killed service with a notice', async () => {
    const killed = await service(`${ready} ${stays}`);
    await killed.start();
    await killed.kill();
    await eventually(() => notices.includes('thing is running again.'));
    expect(notices[0]).toMatch(
      /^thing exited unexpectedly \(signal SIGKILL\)\. Its log is empty\.\nthing is being restarted/,
    );
    expect(new Set(pids).size).toBe(2);
  });

  it('does not restart a stopped service', async () => {
    const stopped = await service(`${ready} ${stays}`);
    await stopped.start();
    await stopped.stop();
    expect(notices).toEqual([]);
    expect(pids).toHaveLength(1);
  });
});
