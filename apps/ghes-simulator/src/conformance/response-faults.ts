import type { Exchange } from './exchange.js';
import type { Description, ResponseNode } from './description.js';
import type { Operation } from './operations.js';

/**
 * Statuses that every operation may return without documenting them: redirects, unchanged content, malformed requests,
 * missing credentials or permissions, limits, server errors.
 */
const EVERYWHERE = new Set([301, 304, 307, 400, 401, 403, 404, 413, 429, 500, 502, 503]);

/**
 * Statuses that servers return without documenting them. https://github.com/ouzi-dev/commit-status-updater/issues/526
 */
const OBSERVED: Readonly<Record<string, readonly number[]>> = { 'repos/create-commit-status': [422] };

/** Violations of an answer: an undocumented status, or a body of another type or shape. */
export function responseFaults(description: Description, { node }: Operation, exchange: Exchange): string[] {
  const { status, answer, contentType } = exchange;
  if (status === 301 || status === 307) return [];
  const documented = node.responses[String(status)];
  const isObserved = OBSERVED[node.operationId]?.includes(status) === true;
  if (!documented && !isObserved && !EVERYWHERE.has(status)) return [`status ${status} is not documented`];
  const content = documented && description.resolve<ResponseNode>(documented).content;
  const schema = Object.entries(content ?? {}).find(([type]) => type.includes('json'))?.[1].schema;
  if (!content && status < 400) return answer === '' ? [] : ['an answer without a body is documented'];
  if (content && !schema) return [];
  if (!contentType.includes('json')) return [`content type "${contentType}" is not JSON`];
  return description.faults(schema ?? { $ref: '#/components/schemas/basic-error' }, JSON.parse(answer));
}
