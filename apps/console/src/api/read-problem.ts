import type { Problem } from '@reunite/contracts';
import { ProblemError } from './problem.error.js';

/** Texts for error responses that are not from the API, e.g. from a proxy. */
const detailOf: Readonly<Record<number, string>> = {
  401: 'You are signed out. Sign in again.',
  403: 'You do not have permission to do this.',
  404: 'Not found, or it belongs to another organization.',
  413: 'The request is too large.',
  429: 'Too many requests. Wait a moment and try again.',
  502: 'The server is starting or being replaced. Try again in a moment.',
  503: 'The server is busy or starting. Try again in a moment.',
  504: 'The server took too long to answer. Try again in a moment.',
};

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    typeof value.status === 'number' &&
    'title' in value &&
    typeof value.title === 'string'
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Converts a response that is not 2xx to an error: from its problem document, or else from its status. */
export function readProblem(status: number, body: string): ProblemError {
  const value = parse(body);
  if (isProblem(value)) return new ProblemError({ ...value, status });
  return new ProblemError({
    type: 'about:blank',
    title: `HTTP ${status}`,
    status,
    code: `http-${status}`,
    detail: detailOf[status] ?? `The server answered with status ${status} and no explanation.`,
  });
}
