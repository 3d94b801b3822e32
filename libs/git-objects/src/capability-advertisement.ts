import { decodePackets } from './pkt-line.js';
import { packetText } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

export interface CapabilityAdvertisement {
  /** The server's software, like `git/2.39.5`; null if unknown. */
  readonly agent: string | null;
  /** `sha1`, or `sha256` for a repository created with `--object-format=sha256`. */
  readonly objectFormat: string;
  /** All capabilities with their values, like `fetch` → `shallow filter`; null for one without a value. */
  readonly capabilities: ReadonlyMap<string, string | null>;
}

/**
 * Parses the response to `GET <repository>.git/info/refs?service=git-upload-pack` with `Git-Protocol: version=2`. A
 * fetch does not need it; it describes the server.
 *
 * @throws RemoteGitError if the server lacks protocol v2
 */
export function parseCapabilityAdvertisement(body: Buffer): CapabilityAdvertisement {
  const lines: string[] = [];
  for (const packet of decodePackets(body)) if (packet.type === 'data') lines.push(packetText(packet.payload));
  if (lines[0]?.startsWith('ERR ')) {
    throw new RemoteGitError(
      'remote-rejected',
      `The git server rejected the request: ${quoteRemote(lines[0].slice(4))}`,
    );
  }
  if (lines[0]?.startsWith('# service=')) lines.shift();
  if (lines.shift() !== 'version 2') {
    throw new RemoteGitError(
      'remote-rejected',
      'The git server does not offer protocol version 2; check for a proxy that drops `Git-Protocol`.',
    );
  }
  const capabilities = new Map<string, string | null>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    if (equals < 0) capabilities.set(line, null);
    else capabilities.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const agent = capabilities.get('agent') ?? null;
  return { agent, objectFormat: capabilities.get('object-format') ?? 'sha1', capabilities };
}
