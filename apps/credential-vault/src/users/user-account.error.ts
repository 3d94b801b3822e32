import { CodedError } from '@reunite/contracts';
import type { BrokenReason } from './user-account.entity.js';

/** What a person is told of an account whose tokens are of no use any more. */
export const brokenMessages: Record<BrokenReason, string> = {
  expired: 'Your sign-in at the server has expired. Sign in there again.',
  revoked: 'Your authorization of the app was revoked at the server. Sign in there again.',
  suspended: 'Your account at the server is suspended. Ask its administrator, then sign in there again.',
};

/** The person has not signed in at the server, or the server takes their tokens no more. */
export class UserAccountError extends CodedError {
  readonly code: 'user-signed-out' | 'user-account-broken';
  readonly retryable = false;

  /** @param fault null where nobody has signed in */
  constructor(fault: BrokenReason | null) {
    super(fault === null ? 'You have not signed in at the server. Sign in there first.' : brokenMessages[fault]);
    this.code = fault === null ? 'user-signed-out' : 'user-account-broken';
  }
}
