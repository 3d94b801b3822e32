import type { Fault } from './fault-schema.js';

export interface ReplacedAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const JSON = 'application/json; charset=utf-8';
const DOCUMENTATION = 'https://docs.github.com/enterprise-server/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** The answer that replaces the route's; undefined if the fault does not replace it. */
export function replacedAnswer(fault: Fault, now: Date): ReplacedAnswer | undefined {
  const { kind, status, seconds, bare } = fault;
  const answer = (usual: number, body: unknown, headers: Record<string, string> = {}): ReplacedAnswer => ({
    status: status ?? usual,
    headers: { ...(bare ? {} : headers), ...fault.headers },
    body: fault.body ?? body,
  });
  switch (kind) {
    case 'primary-limit':
      return answer(403, limited('API rate limit exceeded for installation.'), {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-used': '5000',
        'x-ratelimit-resource': 'core',
        'x-ratelimit-reset': String(Math.floor(now.getTime() / 1000) + seconds),
      });
    case 'secondary-limit':
      return answer(403, limited('You have exceeded a secondary rate limit. Please wait a few minutes.'), {
        'retry-after': String(seconds),
      });
    case 'graphql-limit':
      return answer(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded.' }] });
    case 'redirect':
      return answer(302, '', { location: `${fault.to.replace(/\/$/, '')}/` });
    case 'html':
      return answer(200, '<!doctype html><title>Proxy</title><h1>Please sign in</h1>', { 'content-type': 'text/html' });
    case 'empty':
      return answer(200, '', { 'content-type': JSON });
    case 'invalid-json':
      return answer(200, '{"id": 1, "na', { 'content-type': JSON });
    default:
      return status === undefined ? undefined : answer(status, { message: 'Injected fault', status: String(status) });
  }
}

function limited(message: string) {
  return { message, documentation_url: DOCUMENTATION };
}
