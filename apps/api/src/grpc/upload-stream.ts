import { addAbortSignal } from 'node:stream';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { CodedError } from '@reunite/contracts';
import type { CreateUploadRequest } from '@reunite/contracts/bridge';
import type { UploadSource } from '../application/commits/uploads.service.js';

class UploadTooSlowError extends CodedError {
  readonly code = 'body-too-slow';
}

/** Path of the operation, as grpc-js names it. */
export const UPLOAD_METHOD = '/reunite.bridge.v1.Commits/CreateUpload';

/** Largest content of one message of an upload, in bytes. */
const MAX_MESSAGE_CONTENT = 262_144;

export function isTooLargeUploadMessage(message: unknown): boolean {
  return (message as CreateUploadRequest).content.length > MAX_MESSAGE_CONTENT;
}

/**
 * Reads the first message of an upload, and the following ones when `use` reads the content.
 *
 * @param timeoutMs longest time for the whole stream
 * @throws UploadTooSlowError
 */
export async function withUploadStream<Result>(
  stream: ServerReadableStream<CreateUploadRequest, unknown>,
  timeoutMs: number,
  use: (projectId: string, source: UploadSource) => Promise<Result>,
): Promise<Result> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const messages = addAbortSignal(timeout, stream)[Symbol.asyncIterator]() as AsyncIterator<
      CreateUploadRequest,
      undefined
    >;
    const first = (await messages.next()).value;
    return await use(first?.id ?? '', { size: first?.size, content: contentOf(first, messages) });
  } catch (error) {
    if (timeout.aborted) throw new UploadTooSlowError('The upload took too long.', { cause: error });
    throw error;
  }
}

async function* contentOf(
  first: CreateUploadRequest | undefined,
  messages: AsyncIterator<CreateUploadRequest, undefined>,
): AsyncGenerator<Uint8Array> {
  for (let message = first; message !== undefined; message = (await messages.next()).value) yield message.content;
}
