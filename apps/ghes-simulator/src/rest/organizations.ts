import type { FastifyInstance } from 'fastify';
import { atLeast } from '../access/authorize.js';
import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';
import { simpleOrganization, simpleUser } from '../representations/account.js';
import { apiUrl } from '../representations/urls.js';
import { accountById, findAccount, organizationRole } from '../state/lookup.js';
import type { Account } from '../state/model.js';
import { notAccessible, notFound } from './api.error.js';
import { pageOf } from './requests.js';

/** https://docs.github.com/enterprise-server/rest/orgs/members */
export function organizationsApi(app: FastifyInstance, ghes: Ghes): void {
  const organization = (login: string): Account => {
    const account = findAccount(ghes.store, login);
    if (account?.type !== 'Organization') throw notFound();
    return account;
  };

  app.get<{ Params: { org: string }; Querystring: { role?: string } }>('/orgs/:org/members', (request, reply) => {
    const { id } = organization(request.params.org);
    const { role = 'all' } = request.query;
    const members = seesMembers(ghes, request.actor, id)
      ? ghes.store.state.memberships
          .filter((item) => item.organizationId === id && (role === 'all' || item.role === role))
          .map(({ userId }) => accountById(ghes.store, userId))
      : [];
    return pageOf(ghes, request, reply, members).map((item) => simpleUser(ghes, item));
  });

  app.get<{ Params: { org: string; login: string } }>('/orgs/:org/members/:login', ({ actor, params }, reply) => {
    const { id } = organization(params.org);
    const user = findAccount(ghes.store, params.login);
    const member = user !== undefined && organizationRole(ghes.store, id, user.id) !== undefined;
    if (!member || !seesMembers(ghes, actor, id)) throw notFound();
    return reply.code(204).send();
  });

  app.get<{ Params: { org: string; login: string } }>('/orgs/:org/memberships/:login', ({ actor, params }) => {
    const owner = organization(params.org);
    const user = findAccount(ghes.store, params.login);
    const role = user && organizationRole(ghes.store, owner.id, user.id);
    if (!seesMembers(ghes, actor, owner.id)) throw notAccessible();
    if (!user || role === undefined) throw notFound();
    return {
      url: apiUrl(ghes, `/orgs/${owner.login}/memberships/${user.login}`),
      state: 'active',
      role,
      organization_url: apiUrl(ghes, `/orgs/${owner.login}`),
      organization: simpleOrganization(ghes, owner),
      user: simpleUser(ghes, user),
    };
  });
}

/** Memberships are private: only members, and apps with the permission, can see them. */
function seesMembers(ghes: Ghes, actor: Actor, organizationId: number): boolean {
  if (actor.kind === 'user') return organizationRole(ghes.store, organizationId, actor.user.id) !== undefined;
  if (actor.kind !== 'installation') return false;
  if (actor.installation.accountId !== organizationId || !atLeast(actor.token.permissions['members'], 'read')) {
    throw notAccessible();
  }
  return true;
}
