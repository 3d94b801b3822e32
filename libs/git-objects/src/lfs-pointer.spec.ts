import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseLfsPointer, verifiedLfsContent } from './lfs-pointer.js';
import { MalformedObjectError } from './malformed-object.error.js';

const content = Buffer.from('a picture');
const oid = createHash('sha256').update(content).digest('hex');
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;

describe('a Git LFS pointer', () => {
  it('has an object id and a size, also with extensions', () => {
    expect(parseLfsPointer(Buffer.from(pointer))).toEqual({ oid, size: 9 });
    const extended = pointer.replace('oid', `ext-0-x sha256:${'0'.repeat(64)}\noid`);
    expect(parseLfsPointer(Buffer.from(extended))).toEqual({ oid, size: 9 });
  });

  it.each([
    ['another version', pointer.replace('spec/v1', 'spec/v2')],
    ['another hash', pointer.replace('sha256', 'sha1')],
    ['a path as object id', pointer.replace(oid, '../'.repeat(21) + 'a')],
    ['no size', pointer.replace(/size.*/, '')],
    ['a negative size', pointer.replace('size ', 'size -')],
    ['more than a pointer', pointer + 'x'.repeat(1024)],
  ])('attack: is not taken from a file with %s', (_what, text) => {
    expect(parseLfsPointer(Buffer.from(text))).toBeNull();
  });
});

describe('the content of a Git LFS pointer', () => {
  async function read(chunks: readonly string[]): Promise<string> {
    const parts: Buffer[] = [];
    const source = (async function* () {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
    })();
    for await (const part of verifiedLfsContent(source, { oid, size: content.length })) parts.push(part);
    return Buffer.concat(parts).toString();
  }

  it('is passed on', async () => {
    expect(await read(['a pic', 'ture'])).toBe('a picture');
  });

  it.each([
    ['shorter', ['a pict']],
    ['longer', ['a picture', '!']],
    ['other', ['A picture']],
  ])('attack: rejects %s content than the pointer names', async (_what, chunks) => {
    await expect(read(chunks)).rejects.toThrow(MalformedObjectError);
  });

  it('attack: stops reading content that does not end', async () => {
    const endless = (async function* () {
      for (;;) yield await Promise.resolve(Buffer.alloc(4));
    })();
    const chunks: Buffer[] = [];
    const reading = async () => {
      for await (const chunk of verifiedLfsContent(endless, { oid, size: 9 })) chunks.push(chunk);
    };
    await expect(reading()).rejects.toThrow('exceeds 9 bytes');
    expect(chunks).toHaveLength(2);
  });
});
