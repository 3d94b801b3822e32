import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { hashSecret, newToken } from '../access/secrets.js';
import { createToken } from '../apps/installation-tokens.js';
import type { Ghes } from '../ghes.js';
import { authorizeUser } from '../oauth/authorization.js';
import { revoke } from '../oauth/user-tokens.js';
import { fullUser, ownerJson } from '../representations/account.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { findAccount, findInstallation } from '../state/lookup.js';
import type { Account } from '../state/model.js';
import { read } from './requests.js';

const tokenRequest = z.object({
  repository_ids: z.array(z.int()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});
const named = z.object({ login: z.string().regex(/^[a-z0-9-]+$/i) });

/** Users, and the tokens of users and installations. */
export function userControls(app: FastifyInstance, ghes: Ghes): void {
  const { store, clock } = ghes;

  /** Creates a user without a password, outside of all organizations. */
  app.post('/users', (request, reply) => {
    const { login } = read(named, request);
    if (findAccount(store, login)) throw new ApiError(422, 'The login is already taken.');
    const id = store.nextId('account');
    const user: Account = { id, login, type: 'User', name: login, createdAt: clock.timestamp() };
    store.change((state) => state.accounts.push(user));
    return reply.code(201).send(fullUser(ghes, user));
  });

  /** Creates an enterprise with an administrator. */
  app.post('/enterprises', (request, reply) => {
    const { login, administrator } = read(named.extend({ administrator: z.string() }), request);
    if (findAccount(store, login)) throw new ApiError(422, 'The slug is already taken.');
    const { id: userId } = userNamed(ghes, administrator);
    const id = store.nextId('account');
    const enterprise: Account = { id, login, type: 'Enterprise', name: login, createdAt: clock.timestamp() };
    store.change((state) => {
      state.accounts.push(enterprise);
      state.memberships.push({ organizationId: id, userId, role: 'admin' });
    });
    return reply.code(201).send(ownerJson(ghes, enterprise));
  });

  app.post('/tokens', (request, reply) => {
    const user = userNamed(ghes, read(named, request).login);
    const token = newToken('ghp_');
    const entry = { tokenHash: hashSecret(token), userId: user.id, note: 'control', createdAt: clock.timestamp() };
    store.change((state) => state.userTokens.push(entry));
    return reply.code(201).send({ token });
  });

  app.post<{ Params: { id: string } }>('/installations/:id/tokens', (request, reply) => {
    const installation = findInstallation(store, Number(request.params.id));
    if (!installation) throw notFound();
    const { value, token } = createToken(ghes, installation, read(tokenRequest, request));
    return reply.code(201).send({ token: value, expires_at: token.expiresAt });
  });

  /** The OAuth web flow in one step: the user follows the URL, signs in and authorizes the app. */
  app.post('/oauth/authorize', (request) => {
    const { url, login } = read(named.extend({ url: z.url() }), request);
    const query = Object.fromEntries(new URL(url).searchParams);
    return { location: authorizeUser(ghes, userNamed(ghes, login), query).href };
  });

  /** Revokes the user's authorizations of all apps. */
  app.post('/oauth/revoke', (request, reply) => {
    const { id } = userNamed(ghes, read(named, request).login);
    revoke(ghes, (token) => token.userId === id && token.app !== undefined);
    return reply.code(204).send();
  });
}

function userNamed(ghes: Ghes, login: string): Account {
  const user = findAccount(ghes.store, login);
  if (user?.type !== 'User') throw notFound();
  return user;
}
