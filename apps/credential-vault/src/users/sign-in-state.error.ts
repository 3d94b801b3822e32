import { CodedError } from '@reunite/contracts';
import type { InvalidStateReason } from '../flows/flow-states.js';

export type SignInStateReason = InvalidStateReason | 'foreign-connection' | 'foreign-issuer' | 'ambiguous-callback';

const messages: Record<SignInStateReason, string> = {
  unknown: 'This sign-in was not started here. Start it again.',
  expired: 'This sign-in was started more than an hour ago. Start it again.',
  used: 'This sign-in was already completed or attempted. If you are not signed in, start it again.',
  'foreign-subject': 'This sign-in was started by another user. Start your own.',
  'foreign-connection':
    'Another server than the one you signed in to answered. Nothing was accepted. Tell an owner of your organization.',
  'foreign-issuer':
    'The answer names another server than the one you signed in to. Nothing was accepted. Tell an owner of your organization.',
  'ambiguous-callback':
    'Your organization connected another server during this sign-in, so the server that answered is not certain. Start it again.',
};

/** The callback of a sign-in is not accepted, and its code is not sent to any server. */
export class SignInStateError extends CodedError {
  readonly code: `sign-in-state-${SignInStateReason}`;

  constructor(reason: SignInStateReason) {
    super(messages[reason]);
    this.code = `sign-in-state-${reason}`;
  }
}
