import { Metadata, status } from '@grpc/grpc-js';
import { isCoded } from '@reunite/contracts';
import { codeTrailer, retryableTrailer } from '@reunite/vault-client';
import { hasFaults, problemOf } from '../http/problem.js';

/** Binary, because messages are not ASCII. */
export const faultsTrailer = 'reunite-faults-bin';

/** Of a commit that came too late: where the branch stands. */
export const headTrailer = 'reunite-head';

/** https://grpc.io/docs/guides/status-codes, by the status that HTTP gives the same error. */
const statuses: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  502: status.UNAVAILABLE,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

export interface CallError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Which error is which is decided once, for both doors; here it only gets gRPC's words. */
export function callErrorOf(error: unknown): CallError {
  const { status: httpStatus, code, detail, head } = problemOf(error);
  const metadata = new Metadata();
  metadata.set(codeTrailer, code);
  metadata.set(retryableTrailer, String(!isCoded(error) || error.retryable));
  if (head !== undefined) metadata.set(headTrailer, head);
  if (hasFaults(error)) {
    metadata.set(faultsTrailer, Buffer.from(JSON.stringify(error.faults), 'utf8'));
  }
  return { code: statuses[httpStatus] ?? status.INTERNAL, details: detail, metadata };
}
