import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FolderStorage } from '@reunite/blob-storage';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryFolder } from '../test/temporary-folder.js';
import { FileSpool } from './file-spool.js';

let folder: TemporaryFolder;
let storage: FolderStorage;
let sut: FileSpool;
const pieces = Array.from({ length: 60 }, () => randomBytes(65_000));
const whole = Buffer.concat(pieces);

beforeEach(() => {
  folder = new TemporaryFolder();
  storage = new FolderStorage(folder.path);
  sut = new FileSpool(storage);
});
afterEach(async () => {
  await sut.discard();
  await storage.close();
  folder.remove();
});

const temporaryFiles = () => {
  const path = join(folder.path, '.tmp');
  return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
};

it('writes a large file while it arrives, reads any part of it, and publishes it', async () => {
  for (const piece of pieces) await sut.append(piece);
  const [file] = temporaryFiles();
  expect(sut.size - statSync(file!).size).toBeLessThan(1024 * 1024);
  for (const [offset, length] of [
    [0, 100],
    [1_000_000, 500_000],
    [sut.size - 20, 20],
    [sut.size - 20, 100],
  ] as const) {
    expect((await sut.read(offset, length)).equals(whole.subarray(offset, offset + length))).toBe(true);
  }
  await sut.publish('packs/one');
  await sut.publish('packs/one');
  expect(readFileSync(join(folder.path, 'packs/one')).equals(whole)).toBe(true);
  const again: Buffer[] = [];
  for await (const piece of sut.pieces()) again.push(piece);
  expect(Buffer.concat(again).equals(whole)).toBe(true);
  await sut.discard();
  expect(temporaryFiles()).toEqual([]);
});

it('needs no temporary file for a small one, and leaves none that was not published', async () => {
  await sut.append(Buffer.from('small'));
  expect((await sut.read(1, 3)).toString()).toBe('mal');
  await sut.publish('packs/small');
  expect(temporaryFiles()).toEqual([]);
  expect(readFileSync(join(folder.path, 'packs/small'), 'utf8')).toBe('small');
  const other = new FileSpool(storage);
  for (const piece of pieces) await other.append(piece);
  await other.discard();
  expect(temporaryFiles()).toEqual([]);
});
