import { CodedError } from '@reunite/contracts';

/** The certificate names no service, or one that may not call this method or request this token. */
export class CallerDeniedError extends CodedError {
  readonly code = 'caller-denied';
}
