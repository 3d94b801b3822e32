import type { IncomingMessage } from 'node:http';

/**
 * Returns the address of the client. With `trustedHops` 0 it is the peer of the socket; with N it is the Nth entry of
 * `X-Forwarded-For` from the right, which the outermost of our N proxies appended. Entries further left are the
 * client's own claims. Falls back to the peer if the header is shorter than that.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedHops: number,
): string {
  const peer = socket.remoteAddress ?? 'unknown';
  if (trustedHops === 0) return peer;
  const header = headers['x-forwarded-for'];
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((entry) => entry.trim());
  const entry = entries.at(-trustedHops) ?? '';
  return entry === '' ? peer : entry;
}
