import type { Actor } from '@reunite/contracts';
import { OutcomeUnknownError } from './outcome-unknown.error.js';
import { TooLateError } from './too-late.error.js';

/** A write that a person asked for. */
export interface AskedByPerson {
  readonly repositoryId: string;
  readonly actor: Actor;
  readonly deadline: string;
  /** Whether a run before may have written already. */
  readonly isRerun: boolean;
}

/**
 * Whether a person still waits.
 *
 * @throws TooLateError where they do not, and nothing was written before
 */
export function isInTime({ deadline, isRerun }: Pick<AskedByPerson, 'deadline' | 'isRerun'>): boolean {
  if (Date.now() <= Date.parse(deadline)) return true;
  if (isRerun) return false;
  throw new TooLateError();
}

/** @throws OutcomeUnknownError */
export function refuseUnknown(): Promise<never> {
  return Promise.reject(new OutcomeUnknownError());
}
