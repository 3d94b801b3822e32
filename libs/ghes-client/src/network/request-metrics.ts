import { BoundedSeries, DURATION_BUCKETS } from '@reunite/telemetry';
import { Counter, Gauge, Histogram } from 'prom-client';
import { GhesError } from '../errors/ghes.error.js';

/** Connections with series of their own. The others are in the metrics by operation only. */
const MAX_CONNECTIONS = 500;

const duration = new Histogram({
  name: 'ghes_request_duration_seconds',
  help: 'Duration of requests to servers, by operation and result: the HTTP status, or the code of the error',
  labelNames: ['operation', 'result'],
  buckets: DURATION_BUCKETS,
});

const bytes = new Counter({
  name: 'ghes_response_bytes_total',
  help: 'Size of the bodies of successful responses, by operation; `git fetch` is synced content',
  labelNames: ['operation'],
});

const requests = new Counter({
  name: 'ghes_connection_requests_total',
  help: 'Requests to servers by connection and result: ok, rejected (4xx), rate_limited, server_error (5xx), unreachable. Only the 500 connections that were used last',
  labelNames: ['connection', 'result'],
});

const remaining = new Gauge({
  name: 'ghes_rate_limit_remaining_ratio',
  help: 'Share of a quota that is left, from 0 to 1, by connection and resource (core, graphql, git), as of the last response with a limit. Only the 500 connections that were used last',
  labelNames: ['connection', 'resource'],
});

const RESULTS = ['ok', 'rejected', 'rate_limited', 'server_error', 'unreachable'] as const;
const RESOURCES = ['core', 'graphql', 'git'] as const;

const connections = new BoundedSeries(MAX_CONNECTIONS, (connection) => {
  for (const result of RESULTS) requests.remove({ connection, result });
  for (const resource of RESOURCES) remaining.remove({ connection, resource });
});

/** The properties of a response that are measured. */
interface MeasuredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body. */
  readonly bytes: number;
}

/** The properties of a request that name its series. */
interface MeasuredRequest {
  readonly operation?: string | undefined;
  readonly quota?: string | undefined;
}

/** Measures one request from the moment it may be sent until its response is read. */
export async function measureRequest<T extends MeasuredResponse>(
  { operation = 'other', quota }: MeasuredRequest,
  connection: string | undefined,
  send: () => Promise<T>,
): Promise<T> {
  const end = duration.startTimer({ operation });
  try {
    const response = await send();
    end({ result: response.status });
    if (response.status < 300) bytes.inc({ operation }, response.bytes);
    if (connection !== undefined) recordResponse(connection, quota, response);
    return response;
  } catch (error) {
    end({ result: error instanceof GhesError ? error.code : 'internal' });
    if (connection !== undefined && error instanceof GhesError) recordError(connection, error);
    throw error;
  }
}

/** Removes the series of a connection whose network is closed. */
export function forgetConnection(connection: string): void {
  connections.forget(connection);
}

function recordResponse(connection: string, quota: string | undefined, { status, headers }: MeasuredResponse): void {
  connections.use(connection);
  requests.inc({ connection, result: resultOf(status, headers) });
  // The quota begins with the resource; the server's own name of it could be anything.
  const resource = RESOURCES.find((name) => quota?.startsWith(`${name} `));
  const [limit, left] = [Number(headers['x-ratelimit-limit']), Number(headers['x-ratelimit-remaining'])];
  if (resource && limit > 0 && left >= 0) remaining.set({ connection, resource }, Math.min(1, left / limit));
}

function resultOf(status: number, headers: Readonly<Record<string, string>>): (typeof RESULTS)[number] {
  if (status >= 500) return 'server_error';
  if (status === 429 || (status === 403 && headers['x-ratelimit-remaining'] === '0')) return 'rate_limited';
  return status >= 400 ? 'rejected' : 'ok';
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ghes-unreachable',
  'ghes-tls',
  'ghes-proxy-unreachable',
  'ghes-proxy-rejected',
]);

/** Errors of our own, such as a cancelled request, say nothing about the connection. */
function recordError(connection: string, { code }: GhesError): void {
  if (!UNREACHABLE.has(code)) return;
  connections.use(connection);
  requests.inc({ connection, result: 'unreachable' });
}
