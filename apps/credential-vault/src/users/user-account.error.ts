import { CodedError } from '@reunite/contracts';
import type { BrokenReason } from './user-account.entity.js';

export const brokenMessages: Record<BrokenReason, string> = {
  expired: 'Your sign-in on the server has expired. Sign in there again.',
  revoked: 'Your authorization of the app was revoked on the server. Sign in there again.',
  suspended: 'Your account on the server is suspended. Ask its administrator, then sign in there again.',
};

type State = 'signed-out' | 'unconfirmed' | BrokenReason;
type Code = 'user-signed-out' | 'user-account-unconfirmed' | 'user-account-broken';

/** The caller has no account on the server whose tokens may be used. */
export class UserAccountError extends CodedError {
  readonly code: Code;

  constructor(state: State) {
    super(messageOf(state));
    this.code = codeOf(state);
  }
}

function codeOf(state: State): Code {
  if (state === 'signed-out' || state === 'unconfirmed') {
    return state === 'signed-out' ? 'user-signed-out' : 'user-account-unconfirmed';
  }
  return 'user-account-broken';
}

function messageOf(state: State): string {
  if (state === 'signed-out') return 'You have not signed in on the server. Sign in there first.';
  if (state === 'unconfirmed') return 'You have not confirmed which account you are on the server. Confirm it first.';
  return brokenMessages[state];
}
