import { describe, expect, it } from '@jest/globals';
import { BuildFailedError } from '../build-failed.error.js';
import { ProblemLog } from '../problem-log.js';
import { OutputPaths, SiteWriter } from './site-writer.js';

describe('OutputPaths', () => {
  it('reserves every path once, and never as file and folder', () => {
    const paths = new OutputPaths();
    expect(paths.claim('a/index.html')).toBe(true);
    expect(['a/index.html', 'a', 'a/index.html/b'].map((path) => paths.claim(path))).toEqual([false, false, false]);
    expect(paths.claim('a/other.html')).toBe(true);
  });
});

describe('SiteWriter', () => {
  const writer = (written: string[], limit: number) =>
    new SiteWriter(
      (file) => {
        written.push(file.path);
        return Promise.resolve();
      },
      limit,
      new ProblemLog(() => undefined),
    );

  it('stops before the site exceeds its limit', async () => {
    const written: string[] = [];
    const sut = writer(written, 10);
    await sut.add({ path: 'a', body: 'ä'.repeat(5), contentType: 'text/plain' });
    await expect(sut.add({ path: 'b', body: 'x', contentType: 'text/plain' })).rejects.toBeInstanceOf(BuildFailedError);
    expect(written).toEqual(['a']);
  });

  it('writes a few files at once, waits for all and passes errors on', async () => {
    const pending: (() => void)[] = [];
    let failing = false;
    const sut = new SiteWriter(
      () =>
        new Promise((resolve, reject) => {
          pending.push(failing ? () => reject(new Error('disk full')) : resolve);
        }),
      1_000,
      new ProblemLog(() => undefined),
    );
    const add = (path: string) => sut.add({ path, body: '', contentType: 'text/plain' });
    let added = 0;
    const adding = (async () => {
      for (; added < 20; added += 1) await add(`${added}`);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect([pending.length, added]).toEqual([16, 16]);
    failing = true;
    for (let i = 0; pending.length < 20; i += 1) {
      pending[i]!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await adding;
    let ended = false;
    const end = sut.end().finally(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    for (const one of pending) one();
    await expect(end).rejects.toThrow('disk full');
    await expect(add('late')).rejects.toThrow('disk full');
  });

  it('attack: writes nothing outside of the site', async () => {
    const written: string[] = [];
    await expect(writer(written, 10).add({ path: '../a', body: '', contentType: 'text/plain' })).rejects.toThrow(
      '"../a"',
    );
    expect(written).toEqual([]);
  });
});
