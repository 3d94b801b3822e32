import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PageCacheFile } from './page-cache-file.js';

describe('the cache of rendered pages', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'page-cache-'));
    path = join(folder, 'caches', 'prj_1');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function filled(entries: Record<string, string>, maxBytes = 1_000_000): Promise<void> {
    const cache = await PageCacheFile.open(path, maxBytes);
    for (const [key, value] of Object.entries(entries)) await cache.set(key, Buffer.from(value));
    await cache.save();
  }
  const read = async (key: string) => (await (await PageCacheFile.open(path, 1_000_000)).get(key))?.toString();

  it('returns what was stored, and nothing else', async () => {
    await filled({ 'page ü': 'one', empty: '' });
    expect(await read('page ü')).toBe('one');
    expect(await read('empty')).toBe('');
    expect(await read('other')).toBeUndefined();
    expect(readdirSync(join(folder, 'caches'))).toEqual(['prj_1']);
  });

  it.each([
    ['cut to its beginning', (bytes: Buffer) => bytes.subarray(0, 25)],
    ['changed', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('one', 'two'), 'latin1')],
    ['of another kind', () => Buffer.from('x'.repeat(100))],
    ['empty', () => Buffer.alloc(0)],
  ])('is empty when its file is %s, and is filled again', async (_how, damage) => {
    await filled({ a: 'one', b: 'more' });
    writeFileSync(path, damage(readFileSync(path)));
    expect(await read('a')).toBeUndefined();
    await filled({ a: 'one' });
    expect(await read('a')).toBe('one');
  });

  it('loses the last pages only when its file is cut short', async () => {
    await filled({ a: 'one', b: 'more' });
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    expect([await read('a'), await read('b')]).toEqual(['one', undefined]);
    await filled({ b: 'more' });
    expect([await read('a'), await read('b')]).toEqual(['one', 'more']);
  });

  it('appends new pages, and is written from scratch when another build has changed it or most of it is old', async () => {
    await filled({ a: 'one' });
    const { ino } = statSync(path);
    await filled({ b: 'two' });
    expect([statSync(path).ino, await read('a'), await read('b')]).toEqual([ino, 'one', 'two']);
    const cache = await PageCacheFile.open(path, 1_000_000);
    await filled({ c: 'three' });
    await cache.set('d', Buffer.from('four'));
    await cache.save();
    expect([await read('a'), await read('c'), await read('d')]).toEqual(['one', undefined, 'four']);
    for (let round = 0; round < 20; round += 1) await filled({ same: `${round}`.padStart(100) });
    expect(statSync(path).size).toBeLessThan(800);
    expect((await read('same'))?.trim()).toBe('19');
  });

  it('drops the least recently used pages beyond its limit', async () => {
    await filled({ old: 'x'.repeat(400), used: 'y'.repeat(400) });
    const cache = await PageCacheFile.open(path, 1_000);
    expect(await cache.get('old')).toBeDefined();
    await cache.set('new', Buffer.from('z'.repeat(400)));
    await cache.save();
    expect(statSync(path).size).toBeLessThan(1_100);
    expect(await read('used')).toBeUndefined();
    expect(await read('old')).toBeDefined();
    expect(await read('new')).toBeDefined();
  });

  it('is not written without new pages, and does not fail a build if it cannot be written', async () => {
    await filled({ a: 'one' });
    const { mtimeMs } = statSync(path);
    const cache = await PageCacheFile.open(path, 1_000);
    await cache.get('a');
    await cache.save();
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    const nowhere = await PageCacheFile.open(join(path, 'below-a-file'), 1_000);
    await nowhere.set('a', Buffer.from('one'));
    await expect(nowhere.save()).resolves.toBeUndefined();
  });
});
