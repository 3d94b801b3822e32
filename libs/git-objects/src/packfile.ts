import { ByteSource } from './byte-source.js';
import { packetLength } from './pkt-line.js';
import { packetText, throwIfError } from './protocol-v2.js';
import { quoteRemote, RemoteGitError } from './remote-git.error.js';

const LENGTH_DIGITS = 4;
const BAND_BYTES = 1;

/**
 * Returns the pack in a response to {@link fetchRequest}, piece by piece as it arrives, for {@link readPack}. Other
 * sections and messages of progress are skipped.
 *
 * @throws RemoteGitError if the server rejected the request, failed half way (side band 3), or the response is
 *   incomplete
 */
export async function* readPackfile(response: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  const source = new ByteSource(response);
  try {
    let section: string | null = null;
    let isEmpty = true;
    for (;;) {
      const length = await nextLength(source);
      if (length === 'flush') break;
      if (length === 'delim') section = null;
      else if (section === 'packfile') {
        for await (const piece of packPieces(source, length)) {
          isEmpty = false;
          yield piece;
        }
      } else {
        const payload = await exactly(source, length);
        throwIfError(payload);
        section ??= packetText(payload);
      }
    }
    // Reading to the end of the response keeps the connection for the next request.
    await source.some(1);
    if (isEmpty) throw new RemoteGitError('remote-response-malformed', 'The git server sent no pack.');
  } finally {
    await source.close();
  }
}

/** The part of the pack in a side-band packet; nothing of a message of progress. */
async function* packPieces(source: ByteSource, length: number): AsyncGenerator<Buffer> {
  const band = (await exactly(source, BAND_BYTES))[0];
  let missing = length - BAND_BYTES;
  if (band === 1) {
    while (missing > 0) {
      const piece = await source.some(missing);
      if (piece.length === 0) throw incomplete();
      missing -= piece.length;
      yield piece;
    }
    return;
  }
  const message = await exactly(source, missing);
  if (band === 2) return;
  if (band === 3) {
    const text = quoteRemote(message.toString('utf8'));
    throw new RemoteGitError('remote-failed', `The git server failed while sending the pack: ${text}`);
  }
  throw new RemoteGitError('remote-response-malformed', 'The git server sent a packet in an unknown side band.');
}

/** The length of the next packet's payload. A response without a flush packet is incomplete. */
async function nextLength(source: ByteSource): Promise<number | 'flush' | 'delim'> {
  const digits = await source.take(LENGTH_DIGITS);
  if (digits.length === 0) throw incomplete();
  const length = packetLength(digits, 0);
  if (typeof length === 'number') return length - LENGTH_DIGITS;
  return length === 'flush' ? 'flush' : 'delim';
}

async function exactly(source: ByteSource, length: number): Promise<Buffer> {
  const bytes = await source.take(length);
  if (bytes.length < length) throw incomplete();
  return bytes;
}

function incomplete(): RemoteGitError {
  return new RemoteGitError('remote-response-malformed', 'The response of the git server is incomplete. Retry.');
}
