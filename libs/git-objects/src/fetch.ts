import { assertObjectId, isObjectId } from './object.js';
import type { ObjectId } from './object.js';
import type { Packet } from './pkt-line.js';
import { commandRequest, packetText, responsePackets } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

export interface FetchOptions {
  /** Commits to fetch: any that the server has, not only heads. */
  readonly wants: readonly ObjectId[];
  /** Commits whose complete snapshot is stored here; the server omits their objects. */
  readonly haves?: readonly ObjectId[];
  /** Commits that are stored without their parents. A client of depth 1 lists every `have` here too. */
  readonly shallow?: readonly ObjectId[];
  /** Number of commits of history: 1 for the wanted commits alone. Default: all. */
  readonly depth?: number;
  /** Allows deltas whose base is in `haves` and not in the pack. Default: true. */
  readonly thinPack?: boolean;
  /** Allows deltas that identify their base by its offset in the pack, which is shorter. Default: true. */
  readonly ofsDelta?: boolean;
}

export interface FetchResponse {
  /** The `haves` that the server has too. Always empty after `done`, which {@link fetchRequest} sends. */
  readonly acknowledgments: readonly ObjectId[];
  /** Commits sent without their parents. */
  readonly shallow: readonly ObjectId[];
  /** Commits that are no longer shallow. */
  readonly unshallow: readonly ObjectId[];
  /** For {@link readPack}. */
  readonly pack: Buffer;
}

/**
 * The body of one stateless POST that fetches commits. With `wants: [new], haves: [old], shallow: [old], depth: 1`, the
 * response contains only the difference of the two snapshots, however many commits are between them.
 *
 * @throws MalformedObjectError for an invalid object id
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
 * Parses the response to {@link fetchRequest}. Takes over `body`: the pack is moved together within it, so that it is
 * in memory only once.
 *
 * @throws RemoteGitError if the server rejected the request, failed half way (side band 3), or the response is
 *   incomplete
 */
export function parseFetchResponse(body: Buffer): FetchResponse {
  const ids = { ACK: [] as ObjectId[], shallow: [] as ObjectId[], unshallow: [] as ObjectId[] };
  let packLength = 0;
  let section: string | null = null;
  for (const packet of responsePackets(body)) {
    if (packet.type !== 'data') section = null;
    else if (section === null) section = packetText(packet.payload);
    else if (section === 'packfile') {
      const data = packData(packet);
      // To the left of the packet, in a part of the body that has been read.
      if (data) packLength += data.copy(body, packLength);
    } else readIdLine(packetText(packet.payload), ids);
  }
  if (packLength === 0) throw new RemoteGitError('remote-response-malformed', 'The git server sent no pack.');
  const pack = body.subarray(0, packLength);
  return { acknowledgments: ids.ACK, shallow: ids.shallow, unshallow: ids.unshallow, pack };
}

/** The part of the pack in a side-band packet; null for a progress message. */
function packData(packet: Packet & { type: 'data' }): Buffer | null {
  const content = packet.payload.subarray(1);
  switch (packet.payload[0]) {
    case 1:
      return content;
    case 2:
      return null;
    case 3: {
      const message = quoteRemote(content.toString('utf8'));
      throw new RemoteGitError('remote-failed', `The git server failed while sending the pack: ${message}`);
    }
    default:
      throw new RemoteGitError('remote-response-malformed', 'The git server sent a packet in an unknown side band.');
  }
}

/** Reads `ACK <id>`, `shallow <id>` and `unshallow <id>`; other lines (`NAK`, `ready`, wanted refs) are not needed. */
function readIdLine(line: string, ids: Record<'ACK' | 'shallow' | 'unshallow', ObjectId[]>): void {
  const [word, id = ''] = line.split(' ');
  if ((word === 'ACK' || word === 'shallow' || word === 'unshallow') && isObjectId(id)) ids[word].push(id);
}
