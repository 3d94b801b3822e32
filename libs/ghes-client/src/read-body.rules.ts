import type { z } from 'zod';
import { GhesMalformedResponseError } from './errors/malformed-response.error.js';
import { redact } from './redact.rules.js';

/**
 * The body of a success as the schema sees it.
 *
 * @throws GhesMalformedResponseError
 */
export function readBody<T>(response: { data: unknown; status: number }, route: string, schema: z.ZodType<T>): T {
  const { data, status } = response;
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const subject = `${redact(route)} was answered`;
  if (data === '') throw new GhesMalformedResponseError(`${subject} with nothing.`, 'empty', { status });
  // Paths and expectations only: the values may be a credential.
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).slice(0, 5);
  const message = `${subject} in another shape: ${faults.join('; ')}.`;
  throw new GhesMalformedResponseError(message, 'unexpected-shape', { status });
}
