import { createHash } from 'node:crypto';
import { CodedError, InvalidInputError } from '@reunite/contracts';

/** Size of the stored pieces of an upload, in bytes. A multiple of 3, so that their base64 texts can be joined. */
export const UPLOAD_PIECE_BYTES = 196_608;

/** The caller stopped sending. */
export class UploadAbortedError extends CodedError {
  readonly code = 'aborted';
}

export interface UploadDigests {
  /** Id of the file as a git object. */
  readonly blobId: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * Cuts a stream into pieces and saves them one after the other. Memory holds one piece and one chunk of the source, which
 * is only read on while no piece is being saved.
 *
 * @param size the length that was announced, in bytes; the id of a git object depends on it
 * @param save stores a piece. Its buffer is reused after the promise resolves
 * @throws InvalidInputError if the source has another length, as soon as it is too long
 * @throws UploadAbortedError if the source fails
 */
export async function storePieces(
  source: AsyncIterable<Uint8Array>,
  size: number,
  save: (sequence: number, content: Buffer) => Promise<void>,
): Promise<UploadDigests> {
  const sha256 = createHash('sha256');
  const blob = createHash('sha1').update(`blob ${size}\0`);
  const piece = Buffer.allocUnsafeSlow(Math.min(size, UPLOAD_PIECE_BYTES));
  let received = 0;
  let filled = 0;
  let sequence = 0;
  const flush = async () => {
    const content = piece.subarray(0, filled);
    sha256.update(content);
    blob.update(content);
    await save(sequence, content);
    sequence += 1;
    filled = 0;
  };
  for await (const chunk of abortable(source)) {
    received += chunk.length;
    if (received > size) throw wrongLength(`more than ${size} bytes were sent`, size);
    for (let at = 0; at < chunk.length;) {
      const end = Math.min(chunk.length, at + piece.length - filled);
      piece.set(chunk.subarray(at, end), filled);
      filled += end - at;
      at = end;
      if (filled === piece.length) await flush();
    }
  }
  if (received < size) throw wrongLength(`${received} bytes were sent`, size);
  if (filled > 0) await flush();
  return { blobId: blob.digest('hex'), sha256: sha256.digest('hex') };
}

async function* abortable(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw new UploadAbortedError('The upload ended before all its bytes were sent.', { cause: error });
  }
}

function wrongLength(sent: string, size: number): InvalidInputError {
  const message = `The announced size is ${size} bytes, but ${sent}.`;
  return new InvalidInputError(message, [{ path: 'size', message }]);
}
