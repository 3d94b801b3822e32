import { MalformedObjectError } from './malformed-object.error.js';
import { isObjectId } from './object.js';
import type { ObjectId } from './object.js';

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** The headers that are read; the lines of others (signatures, embedded tags) are skipped. */
const HEADERS = ['tree', 'parent', 'author', 'committer', 'encoding'] as const;

type Header = (typeof HEADERS)[number];

/** Longest line of a header that is read, in characters. Git's own tools write far shorter ones. */
const MAX_HEADER_LENGTH = 8192;
/** The largest time a Date can represent, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;

/**
 * Parses the body of a commit object, in time linear to its length.
 *
 * An odd author line does not make a commit unusable (git shows it with the epoch as its date, and so does this); a
 * missing tree does.
 *
 * @throws MalformedObjectError if tree, parents, author or committer are missing or invalid, or their line is longer
 *   than 8,192 characters
 */
export function parseCommit(body: Buffer): Commit {
  const blank = body.indexOf('\n\n');
  const head = blank < 0 ? body : body.subarray(0, blank);
  const headers = readHeaders(head);
  const decode = decoderFor(headers.get('encoding')?.[0]);
  const [tree] = headers.get('tree') ?? [];
  const parents = headers.get('parent') ?? [];
  const [author] = headers.get('author') ?? [];
  const [committer] = headers.get('committer') ?? [];
  if (!head.subarray(0, 5).equals(Buffer.from('tree ')) || tree === undefined || !isObjectId(tree)) {
    throw malformed('it names no tree');
  }
  if (!parents.every(isObjectId)) throw malformed('a parent is not an object id');
  if (author === undefined || committer === undefined) throw malformed('it names no author or committer');
  return {
    tree,
    parents,
    author: parseSignature(decode(Buffer.from(author, 'latin1'))),
    committer: parseSignature(decode(Buffer.from(committer, 'latin1'))),
    message: blank < 0 ? '' : decode(body.subarray(blank + 2)),
  };
}

/** The values of each header as Latin-1, which keeps every byte: the encoding is a header itself. */
function readHeaders(head: Buffer): Map<Header, string[]> {
  const headers = new Map<Header, string[]>();
  for (let at = 0; at < head.length;) {
    const newline = head.indexOf(0x0a, at);
    const end = newline < 0 ? head.length : newline;
    const name = HEADERS.find((header) => head.toString('latin1', at, at + header.length + 1) === `${header} `);
    if (name !== undefined) {
      if (end - at > MAX_HEADER_LENGTH) throw malformed(`its ${name} is longer than ${MAX_HEADER_LENGTH} characters`);
      const values = headers.get(name) ?? [];
      values.push(head.toString('latin1', at + name.length + 1, end));
      headers.set(name, values);
    }
    at = end + 1;
  }
  return headers;
}

function decoderFor(encoding = 'utf-8'): (bytes: Buffer) => string {
  try {
    const decoder = new TextDecoder(encoding.trim());
    return (bytes) => decoder.decode(bytes);
  } catch {
    return (bytes) => bytes.toString('utf8'); // an unknown encoding: show what can be shown
  }
}

/** `Name <email> seconds zone`. A name may contain `<`, so the last one counts. */
function parseSignature(line: string): Signature {
  const open = line.lastIndexOf('<');
  const close = line.indexOf('>', open);
  if (open < 0 || close < 0) return { name: line, email: '', date: new Date(0) };
  const time = Number(/^\s*(-?\d{1,20})/.exec(line.slice(close + 1))?.[1] ?? 0);
  const date = new Date(Math.abs(time) <= MAX_SECONDS ? time * 1000 : 0);
  return { name: line.slice(0, open).trimEnd(), email: line.slice(open + 1, close), date };
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The commit object is malformed: ${why}.`);
}
