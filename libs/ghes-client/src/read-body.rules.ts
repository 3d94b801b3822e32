import type { z } from 'zod';
import { GhesMalformedResponseError } from './errors/malformed-response.error.js';
import { redact } from './redact.rules.js';

const MAX_ISSUES = 5;

/**
 * Validates the body of a successful response against `schema`.
 *
 * @throws GhesMalformedResponseError
 */
export function readBody<T>(response: { data: unknown; status: number }, route: string, schema: z.ZodType<T>): T {
  const { data, status } = response;
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const subject = `${redact(route)} was answered`;
  if (data === undefined || data === '') {
    throw new GhesMalformedResponseError(`${subject} without a body.`, 'empty', { status });
  }
  // Paths and expectations only: the values may be a credential.
  const issues = parsed.error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => `${path.join('.').slice(0, 100) || 'body'}: ${message.slice(0, 200)}`);
  const message = `${subject} in an unexpected shape: ${issues.join('; ')}.`;
  throw new GhesMalformedResponseError(message, 'unexpected-shape', { status });
}
