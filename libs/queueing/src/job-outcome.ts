import { isCoded } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import { dispositionOf } from './disposition.rules.js';
import type { DeferredError } from './fairness/fairness.js';
import { failureText } from './job-failed.error.js';
import { stateOf, withState } from './job-state.js';

/** Delay after which another worker resumes a job that a stopping worker put back, in milliseconds. */
const RESUME_DELAY_MS = 100;

/** The service stopped while the job ran. */
export class InterruptedError extends Error {}

/** True if BullMQ does not run the job again after this error. */
export function isFinal(error: unknown, job: Job): boolean {
  if (error instanceof UnrecoverableError) return true;
  const { kind } = dispositionOf(error);
  return kind === 'fail' || (kind === 'retry' && isLastAttempt(job));
}

/** True if the job is not retried after this attempt. */
export function isLastAttempt(job: Job): boolean {
  return job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
}

/** An error that fails the job at once. */
export function rejected(code: ErrorCode, message: string): UnrecoverableError {
  return new UnrecoverableError(failureText({ code, message }));
}

/** Puts a job back without spending an attempt. */
export async function deferred({ until }: DeferredError, job: Job, token: string | undefined): Promise<Error> {
  await job.updateData(withState(job.data, { deferrals: deferralsOf(job) + 1 }));
  await job.moveToDelayed(until.getTime(), token);
  return new DelayedError();
}

/**
 * Puts a job that was aborted back, without spending an attempt. Its next run is a rerun, because it may have written.
 */
export async function putBack(job: Job, token: string | undefined): Promise<Error> {
  await job.moveToDelayed(Date.now() + RESUME_DELAY_MS, token);
  return new DelayedError();
}

/** Starts of the job that were deferred before its handler began. */
export function deferralsOf(job: Job): number {
  return stateOf(job).deferrals ?? 0;
}

/** Converts an error to the one that makes BullMQ delay the job, fail it, or retry it after its backoff. */
export async function failure(error: unknown, job: Job, token: string | undefined): Promise<Error> {
  if (error instanceof UnrecoverableError) return error;
  const disposition = dispositionOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = isCoded(error) ? error.code : 'internal';
  const text = failureText({ code, message });
  switch (disposition.kind) {
    case 'wait':
      await job.moveToDelayed(disposition.until.getTime(), token);
      return new DelayedError();
    case 'fail':
      return new UnrecoverableError(text);
    case 'retry':
      return new Error(text, { cause: error });
  }
}
