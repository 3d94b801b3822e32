import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';

/** 40 lower-case hexadecimal digits: the SHA-1 of an object's type, size and body. */
export type ObjectId = string;

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

const OBJECT_ID = /^[0-9a-f]{40}$/;

/** True for a valid object id, including {@link ZERO_OBJECT_ID}. */
export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/** @throws MalformedObjectError for an invalid object id */
export function assertObjectId(text: string): ObjectId {
  if (!isObjectId(text)) throw new MalformedObjectError(`${JSON.stringify(text.slice(0, 60))} is not an object id.`);
  return text;
}

/** In webhooks: the ref did not exist before, or no longer exists. */
export const ZERO_OBJECT_ID: ObjectId = '0'.repeat(40);

/** The tree without entries. Git does not store it, so packs may omit it. */
export const EMPTY_TREE_ID: ObjectId = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Objects up to this size are hashed in one call, which takes two thirds of the time of a stream. */
const ONE_CALL_BYTES = 64 * 1024;
const SCRATCH = Buffer.alloc(ONE_CALL_BYTES + 32);

/** Computes the id of an object. */
export function hashObject(type: ObjectType, body: Uint8Array): ObjectId {
  if (body.byteLength > ONE_CALL_BYTES) return objectHash(type, body.byteLength).update(body).digest('hex');
  const start = SCRATCH.write(`${type} ${body.byteLength}\0`, 'latin1');
  SCRATCH.set(body, start);
  return hash('sha1', SCRATCH.subarray(0, start + body.byteLength), 'hex');
}

/** Starts the computation of an object's id: the caller adds its body. */
export function objectHash(type: ObjectType, size: number): Hash {
  return createHash('sha1').update(`${type} ${size}\0`);
}
