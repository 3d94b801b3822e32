import { typeid, TypeID } from 'typeid-js';

/** Prefixes of our own ids. Ids of a server are plain numbers and always travel with their connection. */
export const idPrefixes = {
  connection: 'con',
  repository: 'rep',
  ref: 'ref',
  pullRequest: 'pul',
  project: 'prj',
  deployment: 'dep',
  commitStatus: 'sts',
  commitRequest: 'cmr',
  upload: 'upl',
  delivery: 'dlv',
  userAction: 'act',
  activity: 'atv',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** A new TypeID (https://github.com/jetify-com/typeid): prefixed, sortable by time, e.g. `con_01h2xcejqtf2nbrexx3vqjhp41`. */
export function newId(kind: IdKind): string {
  return typeid(idPrefixes[kind]).toString();
}

const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** Returns the lowest possible id of a time: the first ten characters of a TypeID are its milliseconds in base 32. */
export function lowestId(kind: IdKind, time: number): string {
  let digits = '';
  for (let rest = time, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) {
    digits = BASE_32.charAt(rest % 32) + digits;
  }
  return `${idPrefixes[kind]}_${digits}`;
}

/** Returns the time at which an id was made, in milliseconds. */
export function timeOfId(id: string): number {
  const start = id.indexOf('_') + 1;
  let time = 0;
  for (let at = start; at < start + 10; at++) time = time * 32 + BASE_32.indexOf(id.charAt(at));
  return time;
}

/** Returns whether `value` is a well-formed id of this kind. The object may not exist. */
export function isId(kind: IdKind, value: string): boolean {
  try {
    return TypeID.fromString(value).getType() === idPrefixes[kind];
  } catch {
    return false;
  }
}
