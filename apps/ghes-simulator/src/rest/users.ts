import type { FastifyInstance } from 'fastify';
import { repositoryPermissions } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { fullOrganization, fullUser, simpleOrganization } from '../representations/account.js';
import { repositoryJson } from '../representations/repository.js';
import { emailOf } from '../repositories/repositories.js';
import { findAccount, organizationRole } from '../state/lookup.js';
import { notAccessible, notFound, requiresAuthentication } from './api.error.js';
import { pageOf } from './requests.js';

export function usersApi(app: FastifyInstance, ghes: Ghes): void {
  app.get('/user', ({ actor }) => {
    if (actor.kind === 'anonymous') throw requiresAuthentication();
    if (actor.kind !== 'user') throw notAccessible();
    return fullUser(ghes, actor.user);
  });

  app.get('/user/emails', (request, reply) => {
    const { actor } = request;
    if (actor.kind === 'anonymous') throw requiresAuthentication();
    if (actor.kind !== 'user') throw notAccessible();
    const emails = [{ email: emailOf(ghes, actor.user), primary: true, verified: true, visibility: 'public' }];
    return pageOf(ghes, request, reply, emails);
  });

  app.get('/user/orgs', (request, reply) => {
    const { actor } = request;
    if (actor.kind !== 'user') throw requiresAuthentication();
    const organizations = ghes.store.state.accounts.filter((item) =>
      organizationRole(ghes.store, item.id, actor.user.id),
    );
    return pageOf(ghes, request, reply, organizations).map((item) => simpleOrganization(ghes, item));
  });

  app.get<{ Params: { login: string } }>('/users/:login', ({ params }) => {
    const account = findAccount(ghes.store, params.login);
    if (!account) throw notFound();
    return fullUser(ghes, account);
  });

  app.get<{ Params: { org: string } }>('/orgs/:org', ({ params }) => {
    const account = findAccount(ghes.store, params.org);
    if (account?.type !== 'Organization') throw notFound();
    return fullOrganization(ghes, account);
  });

  app.get<{ Params: { org: string } }>('/orgs/:org/repos', (request, reply) => {
    const account = findAccount(ghes.store, request.params.org);
    if (account?.type !== 'Organization') throw notFound();
    const visible = ghes.store.state.repositories.filter(
      (item) => item.ownerId === account.id && repositoryPermissions(ghes, request.actor, item),
    );
    return pageOf(ghes, request, reply, visible).map((item) => repositoryJson(ghes, item));
  });
}
