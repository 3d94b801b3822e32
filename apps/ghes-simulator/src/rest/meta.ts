import type { FastifyInstance } from 'fastify';
import type { Ghes } from '../ghes.js';
import { ApiError } from './api.error.js';

export function metaApi(app: FastifyInstance, { settings }: Ghes): void {
  app.get('/meta', () => ({ verifiable_password_authentication: true, installed_version: settings.version }));

  app.get('/zen', (_request, reply) => reply.type('text/plain').send('Anything added dilutes everything else.'));

  // Disabled by default on GHES.
  app.get('/rate_limit', () => {
    throw new ApiError(404, 'Rate limiting is not enabled.');
  });
}
