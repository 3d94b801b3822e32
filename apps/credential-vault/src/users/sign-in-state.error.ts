import { CodedError } from '@reunite/contracts';
import type { InvalidStateReason } from '../flows/flow-states.js';

const messages: Record<InvalidStateReason, string> = {
  unknown: 'This sign-in was not begun here. Begin it again.',
  expired: 'This sign-in was begun more than an hour ago. Begin it again.',
  used: 'This sign-in was completed or tried already. If you are not signed in, begin it again.',
  'foreign-subject': 'This sign-in was begun by somebody else. Begin your own.',
};

/** The `state` of a sign-in's callback does not allow the exchange. */
export class SignInStateError extends CodedError {
  readonly code: `sign-in-state-${InvalidStateReason}`;
  readonly retryable = false;

  constructor(fault: InvalidStateReason) {
    super(messages[fault]);
    this.code = `sign-in-state-${fault}`;
  }
}
