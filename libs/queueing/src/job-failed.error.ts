import { CodedError } from '@reunite/contracts';
import { z } from 'zod';

const failureSchema = z.object({ code: z.string(), message: z.string() });

/** The text by which a worker hands code and message of its error to whoever waits: BullMQ keeps a string. */
export function failureText(code: string, message: string): string {
  return JSON.stringify({ code, message });
}

/** The job that somebody waited for failed; code and message are those of the worker's error. */
export class JobFailedError extends CodedError {
  readonly retryable = false;

  private constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Reads {@link failureText}; null where the text is something else. */
  static parse(text: string): JobFailedError | null {
    try {
      const { code, message } = failureSchema.parse(JSON.parse(text));
      return new JobFailedError(code, message);
    } catch {
      return null;
    }
  }
}
