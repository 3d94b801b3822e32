import { createHash } from 'node:crypto';
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

/** Computes the id of an object. */
export function hashObject(type: ObjectType, body: Uint8Array): ObjectId {
  return createHash('sha1').update(`${type} ${body.byteLength}\0`).update(body).digest('hex');
}
