import { RemoteGitError } from './remote-git.error.js';

/** One packet of git's protocol; see gitprotocol-common(5) and gitprotocol-v2(5). */
export type Packet =
  | { readonly type: 'data'; readonly payload: Buffer }
  | { readonly type: 'flush' }
  | { readonly type: 'delim' }
  | { readonly type: 'response-end' };

const LENGTH_DIGITS = 4;
const MAX_PACKET = 65_520;
const SPECIAL = ['flush', 'delim', 'response-end'] as const;
const HEX = /^[0-9a-f]{4}$/i;

/**
 * Encodes a packet. Does not add a line feed to text.
 *
 * @throws RangeError for a payload that is empty or longer than 65,516 bytes
 */
export function encodePacket(packet: Packet | string): Buffer {
  if (typeof packet !== 'string' && packet.type !== 'data') {
    return Buffer.from(SPECIAL.indexOf(packet.type).toString().padStart(LENGTH_DIGITS, '0'));
  }
  const payload = typeof packet === 'string' ? Buffer.from(packet) : packet.payload;
  const length = payload.length + LENGTH_DIGITS;
  if (payload.length === 0 || length > MAX_PACKET)
    throw new RangeError(`A packet cannot contain ${payload.length} bytes.`);
  return Buffer.concat([Buffer.from(length.toString(16).padStart(LENGTH_DIGITS, '0')), payload]);
}

/**
 * Decodes the packets of a complete response. Payloads are views, not copies.
 *
 * @throws RemoteGitError `remote-response-malformed` if it is incomplete or not in packets
 */
export function* decodePackets(body: Buffer): Generator<Packet> {
  for (let at = 0; at < body.length;) {
    const length = packetLength(body, at);
    if (typeof length !== 'number') {
      yield { type: length };
      at += LENGTH_DIGITS;
      continue;
    }
    if (at + length > body.length) {
      throw new RemoteGitError('remote-response-malformed', 'The response of the git server is incomplete. Retry.');
    }
    yield { type: 'data', payload: body.subarray(at + LENGTH_DIGITS, at + length) };
    at += length;
  }
}

/**
 * Reads the four digits with which a packet begins.
 *
 * @returns the length of a data packet with its digits, in bytes, or the type of a special packet
 * @throws RemoteGitError `remote-response-malformed` for anything else
 */
export function packetLength(bytes: Buffer, at: number): number | (typeof SPECIAL)[number] {
  const digits = bytes.toString('latin1', at, at + LENGTH_DIGITS);
  const length = HEX.test(digits) ? parseInt(digits, 16) : -1;
  const special = SPECIAL[length];
  if (special) return special;
  if (length < LENGTH_DIGITS || length > MAX_PACKET) {
    throw new RemoteGitError('remote-response-malformed', 'The git server did not answer in packet lines.');
  }
  return length;
}
