import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashObject } from '@reunite/git-objects';
import { storePieces, UPLOAD_PIECE_BYTES } from './upload-pieces.js';

const chunksOf = (...chunks: Buffer[]) => ({
  async *[Symbol.asyncIterator]() {
    await Promise.resolve();
    yield* chunks;
  },
});

async function store(content: Buffer, chunkBytes: number) {
  const chunks = Array.from({ length: Math.ceil(content.length / chunkBytes) }, (_, index) =>
    content.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const pieces: Buffer[] = [];
  const digests = await storePieces(chunksOf(...chunks), content.length, (sequence, piece) => {
    pieces[sequence] = Buffer.from(piece);
    return Promise.resolve();
  });
  return { pieces, digests };
}

describe('the pieces of an upload', () => {
  it.each([
    [0, 1],
    [1, 1],
    [UPLOAD_PIECE_BYTES, 65_536],
    [UPLOAD_PIECE_BYTES + 1, 1_000],
    [UPLOAD_PIECE_BYTES * 3 - 1, 500_000],
  ])('are %d bytes that came in chunks of %d, with their digests', async (bytes, chunkBytes) => {
    const content = Buffer.alloc(bytes, 'pieces of text ');
    const { pieces, digests } = await store(content, chunkBytes);
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
    expect(pieces.slice(0, -1).every(({ length }) => length === UPLOAD_PIECE_BYTES)).toBe(true);
    expect(digests).toEqual({
      blobId: hashObject('blob', content),
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  it('attack: an upload of 256 MiB to a slow database has one piece and one chunk in memory', async () => {
    const total = 256 * 1024 * 1024;
    const chunk = Buffer.alloc(65_536);
    let produced = 0;
    let saved = 0;
    let most = 0;
    const source = {
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        for (; produced < total;) {
          produced += chunk.length;
          yield chunk;
        }
      },
    };
    await storePieces(source, total, async (_, { length }) => {
      most = Math.max(most, produced - saved);
      // Other work of the process runs while a piece is saved; the source must not be read meanwhile.
      await new Promise(setImmediate);
      most = Math.max(most, produced - saved);
      saved += length;
    });
    expect(saved).toBe(total);
    expect(most).toBeLessThanOrEqual(UPLOAD_PIECE_BYTES + chunk.length);
  });

  it('attack: a body that is longer than announced ends with the first byte too many', async () => {
    let read = 0;
    const source = {
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        for (;;) {
          read += 1_000;
          yield Buffer.alloc(1_000);
        }
      },
    };
    const message = expect.stringContaining('more than 1500 bytes were sent');
    await expect(storePieces(source, 1_500, () => Promise.resolve())).rejects.toMatchObject({
      code: 'invalid-input',
      message,
    });
    expect(read).toBe(2_000);
  });

  it('rejects a body that is shorter than announced', async () => {
    const short = storePieces(chunksOf(Buffer.from('abc')), 4, () => Promise.resolve());
    await expect(short).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('3 bytes') });
  });

  it('reports a sender that stops', async () => {
    const stopping = {
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        yield Buffer.from('abc');
        throw new Error('aborted');
      },
    };
    await expect(storePieces(stopping, 4, () => Promise.resolve())).rejects.toMatchObject({ code: 'aborted' });
  });
});
