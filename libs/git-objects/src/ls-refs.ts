import { isObjectId } from './object.js';
import type { ObjectId } from './object.js';
import { commandRequest, packetText, responsePackets } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

export interface LsRefsOptions {
  /** Only refs that begin with one of these, as `refs/heads/`. The server may send others too. Default: all. */
  readonly refPrefixes?: readonly string[];
  /** Ask what symbolic refs point to: `HEAD` tells the default branch. Default true. */
  readonly symrefs?: boolean;
  /** Ask what annotated tags point to. Default true. */
  readonly peel?: boolean;
  /** Ask for `HEAD` of an empty repository too. Only where the server offers `ls-refs=unborn` (git 2.31). Default false. */
  readonly unborn?: boolean;
}

export interface RemoteRef {
  readonly name: string;
  /** Null for a ref without a commit yet: `HEAD` of an empty repository. */
  readonly id: ObjectId | null;
  /** What an annotated tag points to in the end. */
  readonly peeled?: ObjectId;
  readonly symrefTarget?: string;
}

/** The body of a POST that asks for the refs of a repository. */
export function lsRefsRequest(options: LsRefsOptions = {}): Buffer {
  const { refPrefixes = [], symrefs = true, peel = true, unborn = false } = options;
  return commandRequest('ls-refs', [
    ...(peel ? ['peel'] : []),
    ...(symrefs ? ['symrefs'] : []),
    ...(unborn ? ['unborn'] : []),
    ...refPrefixes.map((prefix) => `ref-prefix ${assertPrefix(prefix)}`),
  ]);
}

/**
 * Reads the answer to {@link lsRefsRequest}. An empty repository has an empty list.
 *
 * @throws RemoteGitError when the server refused, or the list is cut short.
 */
export function parseLsRefs(body: Buffer): RemoteRef[] {
  const refs: RemoteRef[] = [];
  for (const packet of responsePackets(body)) {
    if (packet.type === 'data') refs.push(parseRef(packetText(packet.payload)));
  }
  return refs;
}

function parseRef(line: string): RemoteRef {
  const [id = '', name = '', ...attributes] = line.split(' ');
  if (name === '' || (id !== 'unborn' && !isObjectId(id))) {
    throw new RemoteGitError(
      'remote-response-malformed',
      `The git server sent something that is no ref: ${quoteRemote(line)}`,
    );
  }
  const value = (key: string) => attributes.find((attribute) => attribute.startsWith(key))?.slice(key.length);
  const peeled = value('peeled:');
  const symrefTarget = value('symref-target:');
  return {
    name,
    id: id === 'unborn' ? null : id,
    ...(peeled !== undefined && isObjectId(peeled) ? { peeled } : {}),
    ...(symrefTarget !== undefined ? { symrefTarget } : {}),
  };
}

/** What git allows in no ref; other spaces than the plain one it allows. A line feed would end the argument and begin one that nobody asked for. */
function assertPrefix(prefix: string): string {
  if (/[ \p{Cc}]/u.test(prefix)) throw new RangeError(`${JSON.stringify(prefix)} cannot be the beginning of a ref.`);
  return prefix;
}
