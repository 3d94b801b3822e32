import { describe, expect, it } from '@jest/globals';
import { readShownFile } from './shown-file.js';
import { MAX_SHOWN_BYTES } from './shown-text.rules.js';

describe('a file that is shown in a browser', () => {
  let reads = 0;
  const stored = (bytes: number) => ({
    size: () => Promise.resolve(bytes),
    read: () => {
      reads += 1;
      return Promise.resolve({ type: 'blob' as const, body: Buffer.alloc(bytes, 'a') });
    },
  });

  it('is read if it is small enough', async () => {
    const { text, bytes } = await readShownFile(stored(MAX_SHOWN_BYTES), 'a');
    expect([text?.length, bytes]).toEqual([MAX_SHOWN_BYTES, MAX_SHOWN_BYTES]);
  });

  it('is a data URL if it is an image, whatever its name', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1');
    const objects = { ...stored(png.length), read: () => Promise.resolve({ type: 'blob' as const, body: png }) };
    const image = `data:image/png;base64,${png.toString('base64')}`;
    expect(await readShownFile(objects, 'a')).toEqual({ text: null, bytes: png.length, image });
  });

  it('attack: is not read, and so not inflated, if it is too large', async () => {
    reads = 0;
    expect(await readShownFile(stored(90 * 1024 ** 2), 'a')).toEqual({ text: null, bytes: 90 * 1024 ** 2 });
    expect(reads).toBe(0);
  });
});
