import { CodedError } from '@reunite/contracts';
import type { InvalidStateReason } from '../flows/flow-states.js';

export type ManifestStateReason = InvalidStateReason | 'foreign-owner' | 'unknown-code';

const messages: Record<ManifestStateReason, string> = {
  unknown: 'This setup was not started here. Start it again from the list of providers.',
  expired: 'This setup was started more than an hour ago. Start it again.',
  used: 'This setup was already completed or attempted. Open the provider. If it has no app, delete the app of this setup on the server and start again.',
  'foreign-subject': 'This setup was started by another user, who has to complete it.',
  'foreign-owner': 'The app was created under another owner than this setup was started for. Start it again.',
  'unknown-code':
    'The server does not accept the code of this setup: codes work once, for one hour. Delete the app of this setup on the server, and start again.',
};

/** The `state` of a manifest callback is not valid. A state of another organization is `unknown` (P8). */
export class ManifestStateError extends CodedError {
  readonly code: `manifest-state-${ManifestStateReason}`;

  constructor(reason: ManifestStateReason, options?: ErrorOptions) {
    super(messages[reason], options);
    this.code = `manifest-state-${reason}`;
  }
}
