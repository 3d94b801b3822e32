import { decodePackets, encodePacket } from './pkt-line.js';
import type { Packet } from './pkt-line.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

const AGENT = 'agent=reunite-ghes-bridge';
const ERROR_PREFIX = 'ERR ';

/**
 * One protocol v2 request: the body of a POST to `<repository>.git/git-upload-pack` with the headers
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
 * The packets of an answer up to its flush. A listing without its end could look like refs that were deleted, so an answer that
 * stops without one is an error.
 */
export function* responsePackets(body: Buffer): Generator<Packet> {
  for (const packet of decodePackets(body)) {
    if (packet.type === 'data') refuseError(packet.payload);
    yield packet;
    if (packet.type === 'flush') return;
  }
  throw new RemoteGitError(
    'remote-response-malformed',
    'The answer of the git server stops before its end. Ask again.',
  );
}

/** A text packet without the line feed that most servers end it with. */
export function packetText(payload: Buffer): string {
  return payload.toString('utf8').replace(/\n$/, '');
}

function refuseError(payload: Buffer): void {
  if (payload.toString('latin1', 0, ERROR_PREFIX.length) !== ERROR_PREFIX) return;
  const said = quoteRemote(payload.toString('utf8', ERROR_PREFIX.length));
  // `upload-pack: not our ref <id>`: the words of upload-pack.c for a wanted object that it does not have.
  if (/not our ref/.test(said)) {
    throw new RemoteGitError(
      'remote-object-missing',
      `The git server no longer has the wanted commit (it said: ${said}).`,
    );
  }
  throw new RemoteGitError('remote-refused', `The git server refused the request: ${said}`);
}
