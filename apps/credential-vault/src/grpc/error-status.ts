import { Metadata, status } from '@grpc/grpc-js';
import { ERROR_CODES, InvalidInputError, isCoded } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';
import { CODE_TRAILER, RETRYABLE_TRAILER, VIOLATIONS_TRAILER } from '@reunite/vault-client';

export interface CallError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The code of an error; `vault-internal` if it has none. */
export function codeOf(error: unknown): ErrorCode {
  return isCoded(error) ? error.code : 'vault-internal';
}

/**
 * Maps an error to the gRPC error that the caller gets. The message of an uncoded error may contain anything, so it is
 * not sent.
 */
export function toCallError(error: unknown): CallError {
  const code = codeOf(error);
  const { grpc, retryable } = ERROR_CODES[code];
  const metadata = new Metadata();
  metadata.set(CODE_TRAILER, code);
  metadata.set(RETRYABLE_TRAILER, String(retryable));
  if (error instanceof InvalidInputError) {
    metadata.set(VIOLATIONS_TRAILER, Buffer.from(JSON.stringify(error.violations)));
  }
  return { code: status[grpc], details: detailsOf(error), metadata };
}

function detailsOf(error: unknown): string {
  // Only the message crosses the wire, so it has to include the remedy.
  if (error instanceof GhesError) return error.userMessage;
  return isCoded(error) ? error.message : 'The credential vault failed. See its log.';
}
