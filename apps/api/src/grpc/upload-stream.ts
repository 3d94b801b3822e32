import { addAbortSignal } from 'node:stream';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { CodedError } from '@reunite/contracts';
import type { CreateUploadRequest } from '@reunite/contracts/bridge';
import type { UploadSource } from '../application/commits/uploads.service.js';
import { isTooSlow } from '../limits/upload-pace.js';
import type { UploadPace } from '../limits/upload-pace.js';

class UploadTooSlowError extends CodedError {
  readonly code = 'body-too-slow';
}

/** Path of the operation, as grpc-js names it. */
export const UPLOAD_METHOD = '/reunite.bridge.v1.Commits/CreateUpload';

/** Largest content of one message of an upload, in bytes. */
const MAX_MESSAGE_CONTENT = 262_144;

const CHECK_MS = 1_000;

export function isTooLargeUploadMessage(message: unknown): boolean {
  return (message as CreateUploadRequest).content.length > MAX_MESSAGE_CONTENT;
}

/**
 * Reads the first message of an upload, and the following ones when `use` reads the content.
 *
 * @param pace time that the stream may take
 * @throws UploadTooSlowError
 */
export async function withUploadStream<Result>(
  stream: ServerReadableStream<CreateUploadRequest, unknown>,
  pace: UploadPace,
  use: (projectId: string, source: UploadSource) => Promise<Result>,
): Promise<Result> {
  const tooSlow = new AbortController();
  const startedAt = performance.now();
  let bytes = 0;
  const timer = setInterval(
    () => {
      if (isTooSlow(pace, performance.now() - startedAt, bytes)) tooSlow.abort();
    },
    Math.min(CHECK_MS, pace.graceMs / 2),
  );
  try {
    const messages = addAbortSignal(tooSlow.signal, stream)[Symbol.asyncIterator]() as AsyncIterator<
      CreateUploadRequest,
      undefined
    >;
    const first = (await messages.next()).value;
    return await use(first?.id ?? '', {
      size: first?.size,
      content: contentOf(first, messages, (size) => (bytes += size)),
    });
  } catch (error) {
    if (tooSlow.signal.aborted) throw new UploadTooSlowError('The upload took too long.', { cause: error });
    throw error;
  } finally {
    clearInterval(timer);
  }
}

async function* contentOf(
  first: CreateUploadRequest | undefined,
  messages: AsyncIterator<CreateUploadRequest, undefined>,
  onBytes: (size: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let message = first; message !== undefined; message = (await messages.next()).value) {
    onBytes(message.content.length);
    yield message.content;
  }
}
