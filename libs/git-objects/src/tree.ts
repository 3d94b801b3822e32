import { MalformedObjectError } from './malformed-object.error.js';
import { assertObjectId } from './object.js';
import type { ObjectId } from './object.js';
import { refuseTreeName } from './tree-name.rules.js';

/** File, executable file, symbolic link, submodule, folder. */
export type TreeMode = '100644' | '100755' | '120000' | '160000' | '040000';

export interface TreeEntry {
  readonly mode: TreeMode;
  readonly name: string;
  /** Only where the name is not UTF-8: its bytes. `name` is then their Latin-1 reading, so that people see something. */
  readonly nameBytes?: Buffer;
  readonly id: ObjectId;
}

/** As git reads them: `100664` and a padded `040000` were written by old tools and still stand in histories. */
const MODES: ReadonlyMap<string, TreeMode> = new Map([
  ['100644', '100644'],
  ['100664', '100644'],
  ['100755', '100755'],
  ['120000', '120000'],
  ['160000', '160000'],
  ['40000', '040000'],
  ['040000', '040000'],
]);

const ID_BYTES = 20;
const SPACE = 0x20;
const SLASH = 0x2f;

/** Whether the entry is a folder. */
export function isTreeMode(mode: TreeMode): boolean {
  return mode === '040000';
}

/**
 * Reads the body of a tree object.
 *
 * @throws MalformedObjectError when it is cut short, has an unknown mode, a name that `git fsck` refuses, a name twice, or is out of order.
 */
export function parseTree(body: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  const seen = new Set<string>();
  let previous: Buffer | undefined;
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(SPACE, at);
    const nul = body.indexOf(0, space + 1);
    const end = nul + 1 + ID_BYTES;
    if (space < 0 || nul < 0 || end > body.length) throw malformed('it is cut short');
    const mode = MODES.get(body.toString('latin1', at, Math.min(space, at + 7)));
    if (mode === undefined) throw malformed('it holds an unknown mode');
    const nameBytes = body.subarray(space + 1, nul);
    const entry = { mode, ...readName(nameBytes), id: body.toString('hex', nul + 1, end) };
    const key = sortKey(nameBytes, mode);
    if (previous && Buffer.compare(previous, key) >= 0) throw malformed('its entries are out of order');
    // A file `a` and a folder `a` are in order and still one name twice.
    const exact = nameBytes.toString('latin1');
    if (seen.has(exact)) throw malformed(`it holds ${JSON.stringify(entry.name)} twice`);
    seen.add(exact);
    entries.push(entry);
    previous = key;
    at = end;
  }
  return entries;
}

/**
 * The body of a tree with these entries, sorted as git sorts them.
 *
 * @throws MalformedObjectError for a name that `git fsck` refuses, a name twice, or something that is no object id.
 */
export function serializeTree(entries: readonly TreeEntry[]): Buffer {
  const seen = new Set<string>();
  const sorted = entries.map((entry) => {
    const name = treeEntryName(entry);
    readName(name);
    if (seen.has(name.toString('latin1'))) throw malformed(`it holds ${JSON.stringify(entry.name)} twice`);
    seen.add(name.toString('latin1'));
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

/** Git's order of tree entries: by the bytes of the name, a folder as if its name ended in a slash. Zero only for the same kind of entry of one name. */
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
  const refused = refuseTreeName(name);
  if (refused !== null) throw malformed(refused);
  return isUtf8 ? { name } : { name, nameBytes: Buffer.from(bytes) };
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The tree object is malformed: ${why}.`);
}
