import { CodedError, isErrorCode } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { z } from 'zod';

const failureSchema = z.object({ code: z.string(), message: z.string() });

/** The part of a handler's error that reaches the caller through the queue. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Serializes an error for the process that waits for the job: BullMQ stores the reason as a string. */
export function failureText({ code, message }: Failure): string {
  return JSON.stringify({ code, message });
}

/** A job that a caller waited for failed, with the code and message of the worker's error. */
export class JobFailedError extends CodedError {
  private constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** Parses {@link failureText}. A code of a newer worker becomes `internal`. Returns null for any other text. */
  static parse(text: string): JobFailedError | null {
    try {
      const { code, message } = failureSchema.parse(JSON.parse(text));
      return new JobFailedError(isErrorCode(code) ? code : 'internal', message);
    } catch {
      return null;
    }
  }
}
