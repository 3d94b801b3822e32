import { CodedError } from '@reunite/contracts/errors';
import type { ErrorCode } from '@reunite/contracts/errors';

/** The registered codes for what can go wrong with a server. They appear in the API and in job records. */
export type GhesErrorCode = Extract<ErrorCode, `ghes-${string}`>;

/** The response that caused an error. */
export interface GhesErrorDetails {
  /** HTTP status, if the server answered. */
  readonly status?: number | undefined;
  /** The server's `x-github-request-id`, with which its administrator finds the request in the logs. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Base of all errors of a call to a GitHub Enterprise Server. `message` describes the failure and the request, `remedy`
 * what to do. Neither contains a credential: addresses and texts of the server are redacted (see `redact.rules.ts`).
 */
export abstract class GhesError extends CodedError {
  abstract override readonly code: GhesErrorCode;
  abstract readonly remedy: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, details: GhesErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.requestId = details.requestId;
  }

  /** The message and the remedy, in full sentences: for a user, a job record or another service. */
  get userMessage(): string {
    return `${this.message}${this.message.endsWith('.') ? '' : '.'} ${this.remedy}`;
  }
}
