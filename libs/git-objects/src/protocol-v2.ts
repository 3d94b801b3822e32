import { decodePackets, encodePacket } from './pkt-line.js';
import type { Packet } from './pkt-line.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

const AGENT = 'agent=reunite-ghes-bridge';
const ERROR_PREFIX = 'ERR ';

/**
 * Encodes one protocol v2 request: the body of a POST to `<repository>.git/git-upload-pack` with the headers
 * `Git-Protocol: version=2`, `Content-Type: application/x-git-upload-pack-request` and
 * `Accept: application/x-git-upload-pack-result`. See gitprotocol-v2(5).
 */
export function commandRequest(command: string, args: readonly string[]): Buffer {
  return Buffer.concat([
    ...[`command=${command}`, AGENT, 'object-format=sha1'].map((line) => encodePacket(`${line}\n`)),
    encodePacket({ type: 'delim' }),
    ...args.map((line) => encodePacket(`${line}\n`)),
    encodePacket({ type: 'flush' }),
  ]);
}

/**
 * The packets of a response up to its flush packet. A response without one is an error: an incomplete list of refs
 * would look as if the others had been deleted.
 */
export function* responsePackets(body: Buffer): Generator<Packet> {
  for (const packet of decodePackets(body)) {
    if (packet.type === 'data') throwIfError(packet.payload);
    yield packet;
    if (packet.type === 'flush') return;
  }
  throw new RemoteGitError('remote-response-malformed', 'The response of the git server is incomplete. Retry.');
}

/** The text of a packet without the line feed with which most servers end it. */
export function packetText(payload: Buffer): string {
  const text = payload.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** @throws RemoteGitError for an `ERR` packet */
export function throwIfError(payload: Buffer): void {
  if (payload.toString('latin1', 0, ERROR_PREFIX.length) !== ERROR_PREFIX) return;
  const message = quoteRemote(payload.toString('utf8', ERROR_PREFIX.length));
  // `upload-pack: not our ref <id>`: the message of upload-pack.c for a wanted object that it does not have.
  if (message.includes('not our ref')) {
    throw new RemoteGitError('remote-object-missing', `The git server no longer has the wanted commit: ${message}`);
  }
  throw new RemoteGitError('remote-rejected', `The git server rejected the request: ${message}`);
}
