import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { Account } from './account.schema.js';
import { accountSchema } from './account.schema.js';
import { items } from './paging.js';
import { routes } from './routes.js';

const membershipSchema = z.looseObject({
  state: z.enum(['active', 'pending']),
  /** `admin` is an owner of the organization. */
  role: z.string(),
});

/** A person's place in an organization. */
export type OrgMembership = z.output<typeof membershipSchema>;

const userSchema = z.looseObject({
  id: z.number(),
  login: z.string(),
  type: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  html_url: z.string(),
});

/** A person on the server. */
export type User = z.output<typeof userSchema>;

const emailSchema = z.looseObject({ email: z.string(), primary: z.boolean(), verified: z.boolean() });

/** An address of a person. */
export type UserEmail = z.output<typeof emailSchema>;

/** [List organization members](https://docs.github.com/enterprise-server@latest/rest/orgs/members#list-organization-members). Needs `members: read`; without it only public ones. */
export function listOrgMembers(
  client: GhesClient,
  { org, role }: { org: string; role?: 'all' | 'admin' | 'member' | undefined },
): AsyncGenerator<Account, void, undefined> {
  return items(client, routes.listOrgMembers, { org, role }, accountSchema);
}

/** [Get organization membership for a user](https://docs.github.com/enterprise-server@latest/rest/orgs/members#get-organization-membership-for-a-user). Needs `members: read`. */
export async function getOrgMembershipForUser(
  client: GhesClient,
  { org, username }: { org: string; username: string },
): Promise<OrgMembership> {
  return (await client.request(routes.getOrgMembershipForUser, { org, username }, membershipSchema)).data;
}

/** [Get a user](https://docs.github.com/enterprise-server@latest/rest/users/users#get-a-user). */
export async function getUser(client: GhesClient, { username }: { username: string }): Promise<User> {
  return (await client.request(routes.getUser, { username }, userSchema)).data;
}

/** [Get the authenticated user](https://docs.github.com/enterprise-server@latest/rest/users/users#get-the-authenticated-user). User token. */
export async function getAuthenticatedUser(client: GhesClient): Promise<User> {
  return (await client.request(routes.getAuthenticatedUser, {}, userSchema)).data;
}

/** [List email addresses for the authenticated user](https://docs.github.com/enterprise-server@latest/rest/users/emails#list-email-addresses-for-the-authenticated-user). User token. */
export function listEmailsForAuthenticatedUser(client: GhesClient): AsyncGenerator<UserEmail, void, undefined> {
  return items(client, routes.listEmailsForAuthenticatedUser, {}, emailSchema);
}
