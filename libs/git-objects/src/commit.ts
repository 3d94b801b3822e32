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

const HEADER_LINE = /^(\S+) (.*)$/;
const SIGNATURE = /^(.*?)\s*<([^>]*)>\s*(-?\d+)?/;
/** The largest time a Date can hold, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;

/**
 * Reads the body of a commit object.
 *
 * An odd author line does not make a commit unusable (git shows it with the epoch as date, and so do we); a missing tree does.
 *
 * @throws MalformedObjectError when tree, parents, author or committer are missing or not what they should be.
 */
export function parseCommit(body: Buffer): Commit {
  const blank = body.indexOf('\n\n');
  const head = blank < 0 ? body : body.subarray(0, blank);
  const decode = decoderFor(head);
  const lines = decode(head)
    .split('\n')
    .map((line) => HEADER_LINE.exec(line));
  const values = (name: string) => lines.flatMap((line) => (line?.[1] === name ? [line[2] ?? ''] : []));
  const [tree] = values('tree');
  const parents = values('parent');
  if (lines[0]?.[1] !== 'tree' || tree === undefined || !isObjectId(tree)) throw malformed('it names no tree');
  if (!parents.every(isObjectId)) throw malformed('a parent is not an object id');
  const [author] = values('author');
  const [committer] = values('committer');
  if (author === undefined || committer === undefined) throw malformed('it names no author or committer');
  const message = blank < 0 ? '' : decode(body.subarray(blank + 2));
  return { tree, parents, author: parseSignature(author), committer: parseSignature(committer), message };
}

function decoderFor(head: Buffer): (bytes: Buffer) => string {
  const label = /\nencoding (\S+)/.exec(head.toString('latin1'))?.[1] ?? 'utf-8';
  try {
    const decoder = new TextDecoder(label);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return (bytes) => bytes.toString('utf8'); // an encoding nobody knows: show what can be shown
  }
}

function parseSignature(line: string): Signature {
  const [, name, email, seconds] = SIGNATURE.exec(line) ?? [];
  const time = Number(seconds ?? 0);
  const date = new Date(Math.abs(time) <= MAX_SECONDS ? time * 1000 : 0);
  return { name: name ?? line, email: email ?? '', date };
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The commit object is malformed: ${why}.`);
}
