import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashSecret } from '../access/secrets.js';
import type { Ghes } from '../ghes.js';
import { appByClient, revoke } from '../oauth/user-tokens.js';
import { notFound, requiresAuthentication } from './api.error.js';
import { parseBody } from './requests.js';

/**
 * User tokens of an app, authenticated with its client secret.
 * https://docs.github.com/enterprise-server/rest/apps/oauth-applications
 */
export function applicationsApi(app: FastifyInstance, ghes: Ghes): void {
  const owned = (request: FastifyRequest<{ Params: { client: string } }>) => {
    const [, encoded = ''] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const client = id === request.params.client ? appByClient(ghes, id, secret) : undefined;
    if (!client) throw requiresAuthentication();
    const { access_token: value } = parseBody(z.object({ access_token: z.string() }), request, 'Token');
    const token = ghes.store.state.userTokens.find(
      (item) => item.tokenHash === hashSecret(value) && item.app?.id === client.id,
    );
    if (!token) throw notFound();
    return token;
  };

  app.delete<{ Params: { client: string } }>('/applications/:client/token', (request, reply) => {
    const token = owned(request);
    revoke(ghes, (item) => item === token);
    return reply.code(204).send();
  });

  app.delete<{ Params: { client: string } }>('/applications/:client/grant', (request, reply) => {
    const token = owned(request);
    revoke(ghes, (item) => item.userId === token.userId && item.app?.id === token.app?.id);
    return reply.code(204).send();
  });
}
