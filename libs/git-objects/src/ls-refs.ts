import { isObjectId } from './object.js';
import type { ObjectId } from './object.js';
import { commandRequest, packetText, responsePackets } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

const SHA256_ID = /^[0-9a-f]{64}$/;

export interface LsRefsOptions {
  /** Only refs with one of these prefixes, like `refs/heads/`. The server may send others too. Default: all. */
  readonly refPrefixes?: readonly string[];
  /** Include the targets of symbolic refs; that of `HEAD` is the default branch. Default: true. */
  readonly symrefs?: boolean;
  /** Include the objects that annotated tags point to. Default: true. */
  readonly peel?: boolean;
  /** Include `HEAD` of an empty repository, if the server has `ls-refs=unborn` (git 2.31). Default: false. */
  readonly unborn?: boolean;
}

export interface RemoteRef {
  readonly name: string;
  /** Null for a ref without a commit: `HEAD` of an empty repository. */
  readonly id: ObjectId | null;
  /** The object that an annotated tag finally points to. */
  readonly peeled?: ObjectId;
  readonly symrefTarget?: string;
}

/** The body of a POST that lists the refs of a repository. */
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
 * Parses the response to {@link lsRefsRequest}. An empty repository has an empty list.
 *
 * @throws RemoteGitError if the server rejected the request or the list is incomplete
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
  if (SHA256_ID.test(id)) {
    throw new RemoteGitError(
      'object-format-unsupported',
      'The repository uses SHA-256 object ids. Only repositories with SHA-1 ids can be connected.',
    );
  }
  if (name === '' || (id !== 'unborn' && !isObjectId(id))) {
    throw new RemoteGitError('remote-response-malformed', `The git server sent an invalid ref: ${quoteRemote(line)}`);
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

/** Rejects spaces and control characters, as git does: a line feed would inject another argument. */
function assertPrefix(prefix: string): string {
  if (/[ \p{Cc}]/u.test(prefix)) throw new RangeError(`${JSON.stringify(prefix)} is not a valid prefix of a ref.`);
  return prefix;
}
