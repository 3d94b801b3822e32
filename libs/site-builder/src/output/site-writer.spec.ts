import { describe, expect, it } from '@jest/globals';
import { BuildFailedError } from '../build-failed.error.js';
import { ProblemLog } from '../problem-log.js';
import { OutputPaths, SiteWriter } from './site-writer.js';

describe('OutputPaths', () => {
  it('gives every path away once, and never as file and folder', () => {
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

  it('stops before the site becomes larger than its limit', async () => {
    const written: string[] = [];
    const sut = writer(written, 10);
    await sut.add({ path: 'a', body: 'ä'.repeat(5), contentType: 'text/plain' });
    await expect(sut.add({ path: 'b', body: 'x', contentType: 'text/plain' })).rejects.toBeInstanceOf(BuildFailedError);
    expect(written).toEqual(['a']);
  });

  it('writes nothing outside of the site', async () => {
    const written: string[] = [];
    await expect(writer(written, 10).add({ path: '../a', body: '', contentType: 'text/plain' })).rejects.toThrow(
      '"../a"',
    );
    expect(written).toEqual([]);
  });
});
