import { CodedError } from '@reunite/contracts';
import type { InvalidStateReason } from '../flows/flow-states.js';

export type ManifestStateReason = InvalidStateReason | 'foreign-owner';

const messages: Record<ManifestStateReason, string> = {
  unknown: 'This setup was not begun here. Begin it again from the list of providers.',
  expired: 'This setup was begun more than an hour ago. Begin it again.',
  used: 'This setup was completed or tried already. Open the provider; where it has no app, delete on the server the one that was made for it, and begin again.',
  'foreign-subject': 'This setup was begun by somebody else. Whoever began it has to complete it.',
  'foreign-owner': 'The app was made under another owner than this setup was begun for. Begin it again.',
};

/** The `state` of a manifest callback does not allow the exchange. Another organization's state is `unknown` (P8). */
export class ManifestStateError extends CodedError {
  readonly code: `manifest-state-${ManifestStateReason}`;

  constructor(readonly fault: ManifestStateReason) {
    super(messages[fault]);
    this.code = `manifest-state-${fault}`;
  }
}
