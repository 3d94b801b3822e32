import type { Fault } from './fault-schema.js';

export interface ReplacedAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const json = 'application/json; charset=utf-8';
const documentation = 'https://docs.github.com/enterprise-server/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** What is answered instead of the route's answer; undefined when the route answers itself. */
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
      return answer(200, '', { 'content-type': json });
    case 'invalid-json':
      return answer(200, '{"id": 1, "na', { 'content-type': json });
    default:
      return status === undefined
        ? undefined
        : answer(status, { message: 'A fault was asked for.', status: String(status) });
  }
}

function limited(message: string) {
  return { message, documentation_url: documentation };
}
