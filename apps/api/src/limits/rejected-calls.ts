import type { Problem } from '@reunite/contracts';
import { Counter } from 'prom-client';

const rejectedCalls = new Counter({
  name: 'api_rejected_calls_total',
  help: 'Calls that the API rejected, by protocol, HTTP status and error code',
  labelNames: ['protocol', 'status', 'code'],
});

/** True for 401, 403 and 404: the caller is unknown, lacks a role, or asks for what it may not see. */
export function isDenied(status: number): boolean {
  return [401, 403, 404].includes(status);
}

/** Counts a call that was denied or rate limited. */
export function countRejected(protocol: 'http' | 'grpc', { status, code }: Pick<Problem, 'status' | 'code'>): void {
  if (isDenied(status) || status === 429) rejectedCalls.inc({ protocol, status, code });
}
