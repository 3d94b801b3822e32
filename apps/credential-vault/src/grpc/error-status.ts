import { Metadata, status } from '@grpc/grpc-js';
import { isCoded } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';
import { codeTrailer, retryableTrailer } from '@reunite/vault-client';

/** Statuses that say more than the default: UNAVAILABLE for what may pass, FAILED_PRECONDITION for what may not. */
const statuses: Readonly<Record<string, status>> = {
  'caller-limited': status.RESOURCE_EXHAUSTED,
  'caller-denied': status.PERMISSION_DENIED,
  'credential-undecryptable': status.DATA_LOSS,
  'invalid-input': status.INVALID_ARGUMENT,
  'manifest-state-foreign-subject': status.PERMISSION_DENIED,
  'manifest-state-unknown': status.NOT_FOUND,
  'not-found': status.NOT_FOUND,
  'sign-in-state-foreign-connection': status.PERMISSION_DENIED,
  'sign-in-state-foreign-issuer': status.PERMISSION_DENIED,
  'sign-in-state-foreign-subject': status.PERMISSION_DENIED,
  'sign-in-state-unknown': status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  'ghes-rate-limited': status.RESOURCE_EXHAUSTED,
};

export interface CallError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The stable code of an error. What nobody gave a code is `vault-internal`. */
export function codeOf(error: unknown): string {
  return isCoded(error) ? error.code : 'vault-internal';
}

/** The one place where errors become gRPC's. A message that is not ours could hold anything, so it stays here. */
export function toCallError(error: unknown): CallError {
  const code = codeOf(error);
  const retryable = !isCoded(error) || error.retryable;
  const metadata = new Metadata();
  metadata.set(codeTrailer, code);
  metadata.set(retryableTrailer, String(retryable));
  if (!isCoded(error)) {
    return { code: status.INTERNAL, details: 'The credential vault failed; its log says why.', metadata };
  }
  const fallback = retryable ? status.UNAVAILABLE : status.FAILED_PRECONDITION;
  // Only the message crosses the wire, so it has to include the remedy.
  const details = error instanceof GhesError ? error.userMessage : error.message;
  return { code: statuses[code] ?? fallback, details, metadata };
}
