import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { ArchivedFile } from '@reunite/site-archive';
import { LRUCache } from 'lru-cache';
import type { ContentEncoding } from './content-encoding.rules.js';

/** Total size of the contents that are kept in memory, in bytes. */
const MAX_CACHED_BYTES = 64 * 1024 * 1024;
/** Compresses 1 MB of HTML in about 20 ms; level 11 takes 50 times as long and saves another tenth. */
const BROTLI_QUALITY = 5;

const encoders: Readonly<Record<ContentEncoding, (content: Buffer) => Promise<Buffer>>> = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gzip: (content) => promisify(gzip)(content),
};

/**
 * Contents of files as they are sent, by content: deployments share what they have in common, and a page is compressed once,
 * on its first request. Compressing at the build instead would take longer than rendering, and most pages of a preview are never opened.
 */
export class FileContents {
  private readonly cache = new LRUCache<string, Buffer, ArchivedFile>({
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: (content) => content.length + 200,
    fetchMethod: async (key, _stale, { context: file }) => {
      const content = await file.read();
      const encoding = key.slice(0, key.indexOf(' '));
      return content === null ? undefined : encode(content, encoding);
    },
  });

  /** @returns null if the storage has no such content @throws DamagedFileError */
  async get(file: ArchivedFile, encoding: ContentEncoding | null): Promise<Buffer | null> {
    return (await this.cache.fetch(`${encoding ?? 'identity'} ${file.id}`, { context: file })) ?? null;
  }
}

function encode(content: Buffer, encoding: string): Buffer | Promise<Buffer> {
  return encoding === 'br' || encoding === 'gzip' ? encoders[encoding](content) : content;
}
