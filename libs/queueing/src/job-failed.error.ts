import { CodedError } from '@reunite/contracts';
import { z } from 'zod';

const failureSchema = z.object({ code: z.string(), message: z.string(), retryable: z.boolean().default(false) });

/** What a worker's error says of itself. */
export type Failure = z.input<typeof failureSchema>;

/** The text by which a worker hands its error to whoever waits: BullMQ keeps a string. */
export function failureText({ code, message, retryable }: Failure): string {
  return JSON.stringify({ code, message, retryable });
}

/** The job that somebody waited for failed; code, message, and whether to try again are the worker's error's. */
export class JobFailedError extends CodedError {
  private constructor(
    readonly code: string,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }

  /** Reads {@link failureText}; null where the text is something else. */
  static parse(text: string): JobFailedError | null {
    try {
      const { code, message, retryable } = failureSchema.parse(JSON.parse(text));
      return new JobFailedError(code, message, retryable);
    } catch {
      return null;
    }
  }
}
