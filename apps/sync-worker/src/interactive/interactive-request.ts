import type { Actor, NeededPermissions } from '@reunite/contracts';
import { OutcomeUnknownError } from './outcome-unknown.error.js';
import { TooLateError } from './too-late.error.js';

/** A write that a caller waits for. */
export interface InteractiveRequest {
  readonly repositoryId: string;
  readonly actor: Actor;
  /** ISO time until which the caller waits. */
  readonly deadline: string;
  /** Permissions that the change may need besides the required ones. They are used if the installation has them. */
  readonly optional?: NeededPermissions;
  /** Whether an earlier run of the job may have written already. */
  readonly isRerun: boolean;
}

/**
 * Returns whether the caller still waits.
 *
 * @throws TooLateError if the caller no longer waits and no earlier run may have written
 */
export function isBeforeDeadline({ deadline, isRerun }: Pick<InteractiveRequest, 'deadline' | 'isRerun'>): boolean {
  if (Date.now() <= Date.parse(deadline)) return true;
  if (isRerun) return false;
  throw new TooLateError();
}

/** @throws OutcomeUnknownError */
export function failAsUnknown(): Promise<never> {
  return Promise.reject(new OutcomeUnknownError());
}
