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

/** Whether the text is an object id as git writes it. The id of nothing (40 zeros) is one too: see {@link ZERO_OBJECT_ID}. */
export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/** @throws MalformedObjectError when the text is no object id. */
export function assertObjectId(text: string): ObjectId {
  if (!isObjectId(text)) throw new MalformedObjectError(`${JSON.stringify(text.slice(0, 60))} is not an object id.`);
  return text;
}

/** How webhooks say "there was nothing before" or "there is nothing any more". */
export const ZERO_OBJECT_ID: ObjectId = '0'.repeat(40);

/** The tree without entries. Git knows it without storing it, so packs need not hold it. */
export const EMPTY_TREE_ID: ObjectId = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The id git gives to this object. */
export function hashObject(type: ObjectType, body: Uint8Array): ObjectId {
  return createHash('sha1').update(`${type} ${body.byteLength}\0`).update(body).digest('hex');
}
