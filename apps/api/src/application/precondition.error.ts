import { CodedError } from '@reunite/contracts';

/** The object has another version than the caller read. */
class PreconditionFailedError extends CodedError {
  readonly code = 'precondition-failed';
}

class PreconditionRequiredError extends CodedError {
  readonly code = 'precondition-required';
}

/** The version that a caller expects: the value of `If-Match`, `any` for `*`, or null if it sent none. */
export type ExpectedVersion = number | 'any' | null;

/** @throws PreconditionFailedError */
export function assertVersion(expected: ExpectedVersion, version: number): void {
  if (expected === null || expected === 'any' || expected === version) return;
  throw new PreconditionFailedError(
    `It was changed in the meantime: its version is ${version}, not ${expected}. Read it again.`,
  );
}

/** @throws PreconditionRequiredError, PreconditionFailedError */
export function requireVersion(expected: ExpectedVersion, version: number): void {
  if (expected === null) {
    throw new PreconditionRequiredError('This replaces everything: send the ETag of what you read as If-Match.');
  }
  assertVersion(expected, version);
}
