import { GhesBusyError } from '../errors/busy.error.js';
import { GhesCancelledError } from '../errors/cancelled.error.js';
import { GhesResponseTooLargeError } from '../errors/response-too-large.error.js';
import type { ByteBudget } from './byte-budget.js';

/**
 * Returns the chunks of a body as they arrive. Leaving the loop destroys the stream and with it the connection, so
 * nothing after a limit is read. The bytes count against the budget until the end: a caller may collect them.
 *
 * @throws GhesResponseTooLargeError for more than `maxBytes`; GhesBusyError if `budget` has too few bytes free
 */
export async function* limitedBody(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  budget: ByteBudget,
  subject: string,
): AsyncGenerator<Buffer> {
  let length = 0;
  let taken = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) {
        throw new GhesResponseTooLargeError(`${subject} was answered with more than ${maxBytes} bytes.`, maxBytes);
      }
      if (!budget.tryTake(chunk.length)) {
        throw new GhesBusyError(`${subject} was stopped: too many large responses are being read.`);
      }
      taken += chunk.length;
      yield chunk;
    }
  } finally {
    budget.release(taken);
  }
}

/** Reads a whole body. */
export async function readBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads at most the first `maxBytes` of a body and drops the rest. */
export async function readStart(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** The error of a request whose caller no longer waits. */
export function cancelled(subject: string): GhesCancelledError {
  return new GhesCancelledError(`${subject} was cancelled: its caller no longer waits.`);
}
