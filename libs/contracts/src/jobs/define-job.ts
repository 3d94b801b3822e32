import type { z } from 'zod';

/** Number of attempts of a failed job, and the exponential delay between them in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly backoffMs: number;
}

/**
 * A job, declared once. Producer and handler take their types from it: what a producer may send, what a handler gets,
 * and what it answers.
 */
export interface JobDefinition<
  Name extends string = string,
  Queue extends string = string,
  Payload extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  readonly name: Name;
  readonly queue: Queue;
  /** JSON only: ids and ISO strings. No secret, no raw webhook. */
  readonly payload: Payload;
  /**
   * True for a job that acts on behalf of a user. Its payload is stored in a row that only the API may insert, and the
   * queue carries the id of that row: write access to the queue is not enough to act as a user. Default: false.
   */
  readonly userAction?: true;
  readonly result: Result;
  readonly retry: RetryPolicy;
  /**
   * Jobs with the same key never run at the same time; while one runs, at most one more waits. A payload must identify
   * the state and not contain it, because only the first of several waiting payloads is kept.
   */
  readonly key: (payload: z.output<Payload>) => string;
  /** True for a job that runs only when no other job of the queue waits; FIFO among themselves. Default: false. */
  readonly lowPriority?: (payload: z.output<Payload>) => boolean;
}

export type PayloadOf<J extends JobDefinition> = z.output<J['payload']>;
export type ResultOf<J extends JobDefinition> = z.output<J['result']>;

export function defineJob<
  const Name extends string,
  const Queue extends string,
  Payload extends z.ZodType,
  Result extends z.ZodType,
>(definition: JobDefinition<Name, Queue, Payload, Result>): JobDefinition<Name, Queue, Payload, Result> {
  return definition;
}
