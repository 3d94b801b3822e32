import { AsyncLocalStorage } from 'node:async_hooks';

const signals = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs a job's handler with its signal as {@link jobSignal}. Kept in the asynchronous context, so that every request to
 * a server ends with its job, also one of a library that no handler passed the signal to.
 */
export function withJobSignal<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
  return signals.run(signal, run);
}

/** Returns the signal of the job that the caller runs in, see `JobRun.signal`; undefined outside of a job. */
export function jobSignal(): AbortSignal | undefined {
  return signals.getStore();
}
