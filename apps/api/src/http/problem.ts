import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ERROR_CODES, InvalidInputError, isCoded } from '@reunite/contracts';
import type { ErrorCode, InputViolation, Problem } from '@reunite/contracts';
import { CommitConflictError } from '../application/commits/commit-conflict.error.js';

/** Problem details whose code is registered. */
type CodedProblem = Problem & { readonly code: ErrorCode };

/**
 * Maps an error to its problem details (RFC 9457). The message of an unexpected error may contain anything, so it is
 * not sent.
 *
 * @param publicUrl origin of the page that `type` leads to
 */
export function problemOf(error: unknown, publicUrl = ''): CodedProblem {
  const problem = untypedProblemOf(error);
  return { type: errorPage(problem.code, publicUrl), ...problem };
}

/** URL of the page that explains a code. */
export function errorPage(code: ErrorCode, publicUrl: string): string {
  return `${publicUrl}/docs/errors/${code}`;
}

function untypedProblemOf(error: unknown): Omit<CodedProblem, 'type'> {
  if (isCoded(error)) {
    const violations = hasViolations(error) && error.violations.length > 0 ? [...error.violations] : undefined;
    const head = error instanceof CommitConflictError ? { head: error.head } : {};
    return { ...problem(ERROR_CODES[error.code].http, error.code, error.message, violations), ...head };
  }
  const status = statusOf(error);
  if (status === null || status >= 500) {
    return problem(status ?? 500, 'internal', 'Internal error. See the API log.');
  }
  return problem(status, FRAMEWORK_CODES[status] ?? 'bad-request', (error as Error).message);
}

/** True for errors that list violations: fields of an input, files of a commit. */
export function hasViolations(error: unknown): error is { readonly violations: readonly InputViolation[] } {
  return error instanceof InvalidInputError || error instanceof CommitConflictError;
}

/** Codes for the errors that Nest and Fastify throw themselves. */
const FRAMEWORK_CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** Status of an error that Nest or Fastify throws: unknown route, body too large, malformed JSON. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const isFastifys = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
  return isFastifys ? (error.statusCode as number) : null;
}

function problem(
  status: number,
  code: ErrorCode,
  detail: string,
  violations?: Problem['violations'],
): Omit<CodedProblem, 'type'> {
  const title = STATUS_CODES[status] ?? 'Error';
  return { title, status, code, detail, ...(violations && { violations }) };
}
