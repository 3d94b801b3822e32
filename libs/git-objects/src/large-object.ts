import { once } from 'node:events';
import { createInflate } from 'node:zlib';
import { MalformedObjectError } from './malformed-object.error.js';
import { objectHash } from './object.js';
import type { ObjectId, ObjectType } from './object.js';
import { zlibCode } from './pack-entry.js';
import type { PackInput } from './pack-input.js';

/**
 * Computes the id of an object that is too large for memory, and moves the input to the end of its zlib stream.
 *
 * @throws MalformedObjectError if it does not inflate to `size` bytes
 */
export async function hashLargeObject(input: PackInput, type: ObjectType, size: number): Promise<ObjectId> {
  const hash = objectHash(type, size);
  const inflate = createInflate();
  let inflated = 0;
  inflate.on('data', (piece: Buffer) => {
    inflated += piece.length;
    if (inflated > size) inflate.destroy(malformed('it does not have the announced size'));
    else hash.update(piece);
  });
  const ended = once(inflate, 'end');
  ended.catch(() => undefined); // observed below
  try {
    let consumed = 0;
    while (!inflate.readableEnded) {
      if (input.available === 0) await input.fill(1);
      if (input.available === 0) throw malformed('it is incomplete');
      const { bytes } = input;
      await Promise.race([written(inflate, bytes), ended]);
      // The engine stops at the end of the stream; what follows is the next entry.
      input.skip(inflate.bytesWritten - consumed);
      if (inflate.bytesWritten - consumed < bytes.length) await ended;
      consumed = inflate.bytesWritten;
    }
  } catch (cause) {
    throw zlibCode(cause) === null ? cause : malformed('it cannot be inflated', cause);
  } finally {
    inflate.destroy();
  }
  if (inflated !== size) throw malformed('it does not have the announced size');
  return hash.digest('hex');
}

/** Resolves when the engine has processed the bytes, so that they may change. */
function written(inflate: ReturnType<typeof createInflate>, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    inflate.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function malformed(why: string, cause?: unknown): MalformedObjectError {
  return new MalformedObjectError(`A large object of the pack is malformed: ${why}.`, { cause });
}
