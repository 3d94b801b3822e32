import { assertObjectId, isObjectId } from './object.js';
import type { ObjectId } from './object.js';
import type { Packet } from './pkt-line.js';
import { commandRequest, packetText, responsePackets } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

export interface FetchOptions {
  /** What to bring: any commit the server has, not only heads. */
  readonly wants: readonly ObjectId[];
  /** Commits whose whole snapshot is held here; the server sends nothing that is in them. */
  readonly haves?: readonly ObjectId[];
  /** Commits that are held without their parents. A depth 1 client names every `have` here too. */
  readonly shallow?: readonly ObjectId[];
  /** How many commits of history to bring: 1 brings the wanted commits alone. Default: all of it. */
  readonly depth?: number;
  /** Let the pack hold differences to objects of `haves` that it does not hold itself. Default true. */
  readonly thinPack?: boolean;
  /** Let differences name their base by its place in the pack: smaller. Default true. */
  readonly ofsDelta?: boolean;
}

export interface FetchResponse {
  /** The `haves` that the server has too. Empty with `done`, as {@link fetchRequest} sends it. */
  readonly acknowledgments: readonly ObjectId[];
  /** Commits that came without their parents. */
  readonly shallow: readonly ObjectId[];
  /** Commits that were shallow before and are not any more. */
  readonly unshallow: readonly ObjectId[];
  /** To be read with {@link readPack}. */
  readonly pack: Buffer;
}

/**
 * The body of one stateless POST that brings a commit. With `wants: [new], haves: [old], shallow: [old], depth: 1` the answer holds what
 * changed between the two and nothing else, whatever lies between them.
 *
 * @throws MalformedObjectError when something that is no object id stands in for one.
 */
export function fetchRequest(options: FetchOptions): Buffer {
  const { wants, haves = [], shallow = [], depth, thinPack = true, ofsDelta = true } = options;
  return commandRequest('fetch', [
    ...(thinPack ? ['thin-pack'] : []),
    'no-progress',
    ...(ofsDelta ? ['ofs-delta'] : []),
    ...shallow.map((id) => `shallow ${assertObjectId(id)}`),
    ...(depth === undefined ? [] : [`deepen ${depth}`]),
    ...wants.map((id) => `want ${assertObjectId(id)}`),
    ...haves.map((id) => `have ${assertObjectId(id)}`),
    'done',
  ]);
}

/**
 * Reads the answer to {@link fetchRequest}.
 *
 * @throws RemoteGitError when the server refused, failed half way (side band 3), or the answer is cut short.
 */
export function parseFetchResponse(body: Buffer): FetchResponse {
  const ids = { ACK: [] as ObjectId[], shallow: [] as ObjectId[], unshallow: [] as ObjectId[] };
  const chunks: Buffer[] = [];
  let section: string | null = null;
  for (const packet of responsePackets(body)) {
    if (packet.type !== 'data') section = null;
    else if (section === null) section = packetText(packet.payload);
    else if (section === 'packfile') readSideBand(packet, chunks);
    else readIdLine(packetText(packet.payload), ids);
  }
  if (chunks.length === 0) throw new RemoteGitError('remote-response-malformed', 'The git server sent no pack.');
  return { acknowledgments: ids.ACK, shallow: ids.shallow, unshallow: ids.unshallow, pack: Buffer.concat(chunks) };
}

function readSideBand(packet: Packet & { type: 'data' }, chunks: Buffer[]): void {
  const content = packet.payload.subarray(1);
  switch (packet.payload[0]) {
    case 1:
      chunks.push(content);
      return;
    case 2:
      return; // progress, for people who watch a terminal
    case 3: {
      const said = quoteRemote(content.toString('utf8'));
      throw new RemoteGitError('remote-failed', `The git server failed while it sent the pack: ${said}`);
    }
    default:
      throw new RemoteGitError('remote-response-malformed', 'The git server sent a packet in no known side band.');
  }
}

/** `ACK <id>`, `shallow <id>` and `unshallow <id>`; other lines (`NAK`, `ready`, wanted refs) say nothing we asked for. */
function readIdLine(line: string, ids: Record<'ACK' | 'shallow' | 'unshallow', ObjectId[]>): void {
  const [word, id = ''] = line.split(' ');
  if ((word === 'ACK' || word === 'shallow' || word === 'unshallow') && isObjectId(id)) ids[word].push(id);
}
