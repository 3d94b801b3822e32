import { MalformedObjectError } from './malformed-object.error.js';
import { assertObjectId } from './object.js';
import type { ObjectId } from './object.js';
import { treeNameViolation } from './tree-name.rules.js';

/** File, executable file, symbolic link, submodule, folder. */
export type TreeMode = '100644' | '100755' | '120000' | '160000' | '040000';

export interface TreeEntry {
  readonly mode: TreeMode;
  readonly name: string;
  /** The bytes of a name that is not UTF-8; `name` is then their Latin-1 reading, for display. */
  readonly nameBytes?: Buffer;
  readonly id: ObjectId;
}

/** The bits of a mode that say what an entry is. */
const KIND_BITS = 0o170000;
const KINDS: ReadonlyMap<number, TreeMode> = new Map([
  [0o100000, '100644'],
  [0o120000, '120000'],
  [0o160000, '160000'],
  [0o040000, '040000'],
]);
const EXECUTABLE_BIT = 0o100;
const MODE = /^[0-7]{5,7}$/;

const ID_BYTES = 20;
const SPACE = 0x20;
const SLASH = 0x2f;

/** True for a folder. */
export function isTreeMode(mode: TreeMode): boolean {
  return mode === '040000';
}

/**
 * Parses the body of a tree object.
 *
 * @throws MalformedObjectError if it is incomplete, out of order, or has an unknown mode, an invalid name or a name
 *   twice
 */
export function parseTree(body: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  const names = new Set<string>();
  let previous: Buffer | undefined;
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(SPACE, at);
    const nul = body.indexOf(0, space + 1);
    const end = nul + 1 + ID_BYTES;
    if (space < 0 || nul < 0 || end > body.length) throw malformed('it is incomplete');
    const mode = parseMode(body.toString('latin1', at, Math.min(space, at + 8)));
    if (mode === null) throw malformed('it has an unknown mode');
    const nameBytes = body.subarray(space + 1, nul);
    const entry = { mode, ...readName(nameBytes), id: body.toString('hex', nul + 1, end) };
    const key = sortKey(nameBytes, mode);
    if (previous && Buffer.compare(previous, key) >= 0) throw malformed('its entries are out of order');
    // A file `a` and a folder `a` are in order, but have the same name.
    const exact = nameBytes.toString('latin1');
    if (names.has(exact)) throw malformed(`it has ${JSON.stringify(entry.name)} twice`);
    names.add(exact);
    entries.push(entry);
    previous = key;
    at = end;
  }
  return entries;
}

/**
 * Reads a mode as git does (`canon_mode` in https://github.com/git/git/blob/master/object.h): old tools wrote other
 * permissions, which git accepts in a push.
 */
function parseMode(text: string): TreeMode | null {
  if (!MODE.test(text)) return null;
  const mode = Number.parseInt(text, 8);
  const kind = KINDS.get(mode & KIND_BITS) ?? null;
  return kind === '100644' && mode & EXECUTABLE_BIT ? '100755' : kind;
}

/**
 * Writes the body of a tree, with its entries in git's order.
 *
 * @throws MalformedObjectError for an invalid name, a name twice, or an invalid object id
 */
export function serializeTree(entries: readonly TreeEntry[]): Buffer {
  const names = new Set<string>();
  const sorted = entries.map((entry) => {
    const name = treeEntryName(entry);
    readName(name);
    if (names.has(name.toString('latin1'))) throw malformed(`it has ${JSON.stringify(entry.name)} twice`);
    names.add(name.toString('latin1'));
    return { name, key: sortKey(name, entry.mode), entry };
  });
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ name, entry }) => [
      Buffer.from(`${entry.mode.replace(/^0/, '')} `),
      name,
      Buffer.from([0]),
      Buffer.from(assertObjectId(entry.id), 'hex'),
    ]),
  );
}

/**
 * Git's order of tree entries: by the bytes of the name, with a slash appended for folders. Zero for entries of the
 * same name and kind.
 */
export function compareTreeEntries(a: TreeEntry, b: TreeEntry): number {
  if (a.name === b.name && isTreeMode(a.mode) === isTreeMode(b.mode) && !a.nameBytes && !b.nameBytes) return 0;
  return Buffer.compare(sortKey(treeEntryName(a), a.mode), sortKey(treeEntryName(b), b.mode));
}

function treeEntryName(entry: TreeEntry): Buffer {
  return entry.nameBytes ?? Buffer.from(entry.name);
}

function sortKey(name: Buffer, mode: TreeMode): Buffer {
  return isTreeMode(mode) ? Buffer.concat([name, Buffer.from([SLASH])]) : name;
}

function readName(bytes: Buffer): Pick<TreeEntry, 'name' | 'nameBytes'> {
  const text = bytes.toString('utf8');
  const isUtf8 = Buffer.byteLength(text) === bytes.length && Buffer.from(text).equals(bytes);
  const name = isUtf8 ? text : bytes.toString('latin1');
  const violation = treeNameViolation(name);
  if (violation !== null) throw malformed(violation);
  return isUtf8 ? { name } : { name, nameBytes: Buffer.from(bytes) };
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The tree object is malformed: ${why}.`);
}
