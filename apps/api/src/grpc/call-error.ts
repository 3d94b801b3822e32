import { Metadata, status } from '@grpc/grpc-js';
import { ERROR_CODES } from '@reunite/contracts';
import { CODE_TRAILER, RETRYABLE_TRAILER } from '@reunite/vault-client';
import { hasViolations, problemOf } from '../http/problem.js';

/** Binary trailer with the violations as JSON: messages are not ASCII. */
export const violationsTrailer = 'reunite-violations-bin';

/** Trailer of `commit-conflict`: the present commit of the branch. */
export const headTrailer = 'reunite-head';

export interface CallError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Maps an error to the gRPC error that the caller gets; message and violations are those of the HTTP response. */
export function callErrorOf(error: unknown): CallError {
  const { code, detail, head } = problemOf(error);
  const { grpc, retryable } = ERROR_CODES[code];
  const metadata = new Metadata();
  metadata.set(CODE_TRAILER, code);
  metadata.set(RETRYABLE_TRAILER, String(retryable));
  if (head !== undefined) metadata.set(headTrailer, head);
  if (hasViolations(error)) {
    metadata.set(violationsTrailer, Buffer.from(JSON.stringify(error.violations), 'utf8'));
  }
  return { code: status[grpc], details: detail, metadata };
}
