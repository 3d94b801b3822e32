import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Ghes } from './ghes.js';

/** Headers of every answer. `Date` follows the server's clock, which tests may advance. */
export function serverHeaders({ settings, clock }: Ghes, reply: FastifyReply): void {
  const part = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  void reply.headers({
    date: clock.now().toUTCString(),
    server: 'GitHub.com',
    'x-github-enterprise-version': settings.version,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': `${part(2)}:${part(3)}:${part(4)}:${part(4)}`,
    'x-content-type-options': 'nosniff',
  });
}
