import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderStorage } from '@reunite/blob-storage';
import { SiteArchive } from './site-archive.js';
import { SiteArchiveWriter } from './site-archive.writer.js';

/** Opens the site that a build wrote. */
function siteIn(folder: string): Promise<SiteArchive | null> {
  return SiteArchive.open(new FolderStorage(dirname(folder)), basename(folder));
}

describe('a site in packs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'site-archive-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Builds a site; files whose content the earlier site has are taken over. Returns the paths of the others. */
  async function build(files: Readonly<Record<string, string | Buffer>>): Promise<string[]> {
    const writer = await SiteArchiveWriter.open(folder);
    const written: string[] = [];
    for (const [path, body] of Object.entries(files)) {
      const key = `key of ${body.toString().slice(0, 20)}`;
      if (writer.reuse(path, key) !== undefined) continue;
      written.push(path);
      await writer.write({ path, body, key });
    }
    await writer.finish();
    return written;
  }
  const packs = () => readdirSync(folder).filter((name) => name.endsWith('.pack'));
  const manifest = () => join(folder, '.site.json');
  const read = async (path: string) => (await (await siteIn(folder))?.read(path))?.toString();

  it('returns the files that were written, also large and empty ones', async () => {
    const large = 'ü'.repeat(1_500_000);
    await build({ 'index.html': 'home', 'a/b/c.html': large, empty: '', __proto__x: 'x' });
    expect(await read('index.html')).toBe('home');
    expect(await read('a/b/c.html')).toBe(large);
    expect(await read('empty')).toBe('');
    for (const missing of ['a', 'a/b', 'constructor', '__proto__', '.site.json'])
      expect(await read(missing)).toBeUndefined();
    const site = await siteIn(folder);
    expect(['a', 'a/b', 'a/b/c.html', ''].map((path) => site?.hasFolder(path))).toEqual([true, true, false, false]);
  });

  it('takes over files of the earlier site, and drops those that are gone', async () => {
    const shared = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.html`, `page ${at}`]));
    expect(await build({ ...shared, 'old.html': 'old' })).toHaveLength(21);
    expect(await build({ ...shared, 'new.html': 'new' })).toEqual(['new.html']);
    expect([await read('7.html'), await read('new.html'), await read('old.html')]).toEqual([
      'page 7',
      'new',
      undefined,
    ]);
    expect(packs()).toHaveLength(2);
  });

  it('keeps few packs, whatever the number of builds', async () => {
    const files: Record<string, string> = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`${at}`, `page ${at}`]),
    );
    for (let round = 0; round < 30; round += 1) {
      files[`${round}`] = `changed ${round}`;
      await build(files);
      expect(packs().length).toBeLessThanOrEqual(8);
    }
    for (const [path, text] of Object.entries(files)) expect(await read(path)).toBe(text);
  });

  it('writes everything again if less than half of a pack is used', async () => {
    await build({ a: 'a'.repeat(10), b: 'b'.repeat(100) });
    await build({ a: 'a'.repeat(10) });
    expect(await build({ a: 'a'.repeat(10) })).toEqual(['a']);
    expect(packs()).toHaveLength(1);
  });

  it('does not change the packs and the manifest of the earlier site, which other folders share', async () => {
    await build({ a: 'a' });
    const other = mkdtempSync(join(tmpdir(), 'site-archive-'));
    for (const name of readdirSync(folder)) linkSync(join(folder, name), join(other, name));
    const before = readdirSync(other).map((name) => readFileSync(join(other, name), 'utf8'));
    await build({ a: 'a', b: 'b' });
    expect(readdirSync(other).map((name) => readFileSync(join(other, name), 'utf8'))).toEqual(before);
    rmSync(other, { recursive: true });
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"version":3,"packs":[],"files":[]}',
    '{"version":2,"projectId":"../x","packs":[],"files":[]}',
    `{"version":2,"projectId":null,"packs":[["${'0'.repeat(32)}",5]],"files":[["a",0,0,6,"",""]]}`,
    '{"version":1,"packs":[],"files":[["a",0,0,1,""]]}',
  ])('is built from scratch if the manifest is %j', async (damaged) => {
    await build({ a: 'a' });
    writeFileSync(manifest(), damaged);
    expect(await siteIn(folder)).toBeNull();
    expect(await build({ a: 'a' })).toEqual(['a']);
    expect(await read('a')).toBe('a');
  });

  it('returns no file, and takes none over, if a pack is cut short or missing', async () => {
    await build({ a: 'some text' });
    const [pack = ''] = packs();
    truncateSync(join(folder, pack), 3);
    await expect(read('a')).rejects.toMatchObject({ code: 'corrupt-object' });
    expect(await build({ a: 'some text' })).toEqual(['a']);
    rmSync(join(folder, packs()[0] ?? ''));
    expect(await read('a')).toBeUndefined();
    expect(await build({ a: 'some text' })).toEqual(['a']);
  });

  it.each(['../../secret', '/etc/passwd', 'secret', '..'])(
    'attack: a manifest that names the pack %j opens no file outside of the folder',
    async (id) => {
      const text = JSON.stringify({ version: 1, packs: [id], files: [['a', 0, 0, 1, '']] });
      writeFileSync(manifest(), text);
      expect(await siteIn(folder)).toBeNull();
    },
  );

  it('attack: a pack that is a symbolic link is not read', async () => {
    const secret = join(folder, 'secret.txt');
    writeFileSync(secret, 'secret');
    const id = '0'.repeat(32);
    symlinkSync(secret, join(folder, `.${id}.pack`));
    writeFileSync(manifest(), JSON.stringify({ version: 1, packs: [id], files: [['a', 0, 0, 6, '']] }));
    expect(await read('a')).toBeUndefined();
  });

  it.each([
    [-1, 1],
    [0, 1e9],
    [0.5, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('attack: a place outside of the pack is not read: %d, %d bytes', async (offset, bytes) => {
    await build({ a: 'text' });
    const { packs: ids } = JSON.parse(readFileSync(manifest(), 'utf8')) as { packs: string[] };
    writeFileSync(manifest(), JSON.stringify({ version: 1, packs: ids, files: [['a', 0, offset, bytes, '']] }));
    expect(await read('a')).toBeUndefined();
  });
});
