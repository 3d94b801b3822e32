import { createHash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';

/** A file of Git LFS, which the repository only points to. */
export interface LfsPointer {
  /** SHA-256 of the content, in lowercase hexadecimal. */
  readonly oid: string;
  /** In bytes. */
  readonly size: number;
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: a pointer is smaller. */
export const MAX_LFS_POINTER_BYTES = 1024;
const VERSION = 'version https://git-lfs.github.com/spec/v1';
const OID = /^oid sha256:([0-9a-f]{64})$/m;
const SIZE = /^size (\d{1,15})$/m;

/** Returns null if the bytes are no valid pointer. */
export function parseLfsPointer(bytes: Buffer): LfsPointer | null {
  if (bytes.length >= MAX_LFS_POINTER_BYTES) return null;
  const text = bytes.toString('latin1');
  if (!text.startsWith(`${VERSION}\n`)) return null;
  const [oid, size] = [OID.exec(text)?.[1], SIZE.exec(text)?.[1]];
  return oid === undefined || size === undefined ? null : { oid, size: Number(size) };
}

/**
 * Passes the content of a pointer on while it is read.
 *
 * @throws MalformedObjectError as soon as the content is larger than the pointer's size, or at its end if it is another one
 */
export async function* verifiedLfsContent(
  content: AsyncIterable<Buffer>,
  { oid, size }: LfsPointer,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > size) throw new MalformedObjectError(`The content of Git LFS object ${oid} exceeds ${size} bytes.`);
    hash.update(chunk);
    yield chunk;
  }
  if (bytes !== size || hash.digest('hex') !== oid) {
    throw new MalformedObjectError(`The content of Git LFS object ${oid} has another size or hash.`);
  }
}
