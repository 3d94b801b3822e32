import { CodedError } from '@reunite/contracts';
import { z } from 'zod';

const failureSchema = z.object({ code: z.string(), message: z.string(), retryable: z.boolean().default(false) });

/** The part of a worker's error that reaches the caller. */
export type Failure = z.input<typeof failureSchema>;

/** Serializes a worker's error for the caller of the job: BullMQ stores a string. */
export function failureText({ code, message, retryable }: Failure): string {
  return JSON.stringify({ code, message, retryable });
}

/** An interactive job failed. `code`, `message` and `retryable` are those of the worker's error. */
export class JobFailedError extends CodedError {
  private constructor(
    readonly code: string,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }

  /** Parses {@link failureText}. Returns null for any other text. */
  static parse(text: string): JobFailedError | null {
    try {
      const { code, message, retryable } = failureSchema.parse(JSON.parse(text));
      return new JobFailedError(code, message, retryable);
    } catch {
      return null;
    }
  }
}
