import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { InvalidInputError, isCoded } from '@reunite/contracts';
import type { InputFault, Problem } from '@reunite/contracts';
import { JobFailedError } from '@reunite/queueing';
import { VaultError } from '@reunite/vault-client';
import { CommitConflictError } from '../application/commit-conflict.error.js';

/** Code of an error → status. What stands here is all that callers may tell apart by status. */
const statuses: Readonly<Record<string, number>> = {
  'invalid-input': 400,
  'manifest-state-expired': 400,
  'manifest-state-foreign-owner': 400,
  'manifest-state-unknown': 400,
  'manifest-state-used': 409,
  'manifest-state-foreign-subject': 403,
  'sign-in-refused': 400,
  'sign-in-state-expired': 400,
  'sign-in-state-unknown': 400,
  'sign-in-state-used': 409,
  'sign-in-state-ambiguous-callback': 409,
  'sign-in-state-foreign-connection': 403,
  'sign-in-state-foreign-issuer': 403,
  'sign-in-state-foreign-subject': 403,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'commit-conflict': 409,
  'app-unknown-app': 409,
  'client-secret-rejected': 409,
  'connection-pending': 409,
  'pull-requests-open': 409,
  'ghes-rate-limited': 503,
  'object-not-found': 503,
  'sign-in-unavailable': 503,
  'store-busy': 503,
  'vault-unavailable': 503,
  'job-timeout': 504,
  'outcome-unknown': 504,
  'vault-timeout': 504,
};

/** The one place where errors become HTTP's. A message that is not ours could hold anything, so it stays here. */
export function problemOf(error: unknown): Problem {
  if (isCoded(error)) {
    const status = statuses[error.code] ?? (isAnothersAnswer(error) ? 502 : 500);
    const faults = hasFaults(error) && error.faults.length > 0 ? [...error.faults] : undefined;
    const head = error instanceof CommitConflictError ? { head: error.head } : {};
    return { ...problem(status, error.code, error.message, faults), ...head };
  }
  const status = statusOf(error);
  if (status === null || status >= 500) {
    return problem(status ?? 500, 'internal', 'Something went wrong here, not with you. The log of the API says what.');
  }
  return problem(status, codes[status] ?? `http-${status}`, (error as Error).message);
}

/** Errors that name what they are about: fields of an input, files of a commit. */
export function hasFaults(error: unknown): error is { readonly faults: readonly InputFault[] } {
  return error instanceof InvalidInputError || error instanceof CommitConflictError;
}

/** A server's or the worker's own error, which this side only passes on. */
function isAnothersAnswer(error: unknown): boolean {
  return error instanceof VaultError || error instanceof JobFailedError;
}

const codes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** Nest's and Fastify's own errors: no such route, a body that is too long or no JSON. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const isFastifys = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
  return isFastifys ? (error.statusCode as number) : null;
}

function problem(status: number, code: string, detail: string, faults?: Problem['faults']): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, code, detail, ...(faults && { faults }) };
}
