import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { Permissions } from './account.schema.js';
import { accountSchema, permissionsSchema } from './account.schema.js';
import { items, pages } from './paging.js';
import { noContentSchema } from './no-content.schema.js';
import type { Repository } from './repositories.js';
import { repositorySchema } from './repositories.js';
import { routes } from './routes.js';

const installationSchema = z.looseObject({
  id: z.number(),
  app_id: z.number(),
  app_slug: z.string(),
  account: accountSchema.nullable(),
  target_type: z.string(),
  repository_selection: z.enum(['all', 'selected']),
  permissions: permissionsSchema,
  events: z.array(z.string()),
  html_url: z.string(),
  suspended_at: z.string().nullish(),
});

/** An app installed on an account. */
export type Installation = z.output<typeof installationSchema>;

const installationTokenSchema = z.looseObject({
  token: z.string().min(1),
  expires_at: z.string(),
  permissions: permissionsSchema.optional(),
  repository_selection: z.enum(['all', 'selected']).optional(),
});

/** A token for an installation, good for an hour. */
export type InstallationToken = z.output<typeof installationTokenSchema>;

/** What a token is narrowed to. */
export interface InstallationTokenScope {
  installationId: number;
  /** At most 500. Default: all repositories of the installation. */
  repositoryIds?: readonly number[] | undefined;
  /** Default: all permissions that were granted. */
  permissions?: Permissions | undefined;
}

/** [List installations for the authenticated app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#list-installations-for-the-authenticated-app). App JWT. */
export function listInstallations(client: GhesClient): AsyncGenerator<Installation, void, undefined> {
  return items(client, routes.listInstallations, {}, installationSchema);
}

/** [Get an installation for the authenticated app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#get-an-installation-for-the-authenticated-app). App JWT. */
export async function getInstallation(
  client: GhesClient,
  { installationId }: { installationId: number },
): Promise<Installation> {
  const parameters = { installation_id: installationId };
  return (await client.request(routes.getInstallation, parameters, installationSchema)).data;
}

/**
 * [Create an installation access token for an app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#create-an-installation-access-token-for-an-app).
 * App JWT.
 *
 * @throws GhesSuspendedError if an owner suspended the installation
 */
export async function createInstallationAccessToken(
  client: GhesClient,
  { installationId, repositoryIds, permissions }: InstallationTokenScope,
): Promise<InstallationToken> {
  const parameters = { installation_id: installationId, repository_ids: repositoryIds, permissions };
  return (await client.request(routes.createInstallationAccessToken, parameters, installationTokenSchema)).data;
}

/** [Revoke an installation access token](https://docs.github.com/enterprise-server@latest/rest/apps/installations#revoke-an-installation-access-token): the one that the client calls with. */
export async function revokeInstallationAccessToken(client: GhesClient): Promise<void> {
  await client.request(routes.revokeInstallationAccessToken, {}, noContentSchema);
}

/** [List repositories accessible to the app installation](https://docs.github.com/enterprise-server@latest/rest/apps/installations#list-repositories-accessible-to-the-app-installation). Installation token. */
export async function* listReposAccessibleToInstallation(
  client: GhesClient,
): AsyncGenerator<Repository, void, undefined> {
  const schema = z.looseObject({ repositories: z.array(repositorySchema) });
  for await (const page of pages(client, routes.listReposAccessibleToInstallation, {}, schema))
    yield* page.repositories;
}

/**
 * [List app installations accessible to the user access token](https://docs.github.com/enterprise-server@latest/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token).
 * User token. Proves that an `installation_id` that came with a setup URL is one the user may manage: the URL alone can be forged.
 */
export async function* listInstallationsForAuthenticatedUser(
  client: GhesClient,
): AsyncGenerator<Installation, void, undefined> {
  const schema = z.looseObject({ installations: z.array(installationSchema) });
  const route = routes.listInstallationsForAuthenticatedUser;
  for await (const page of pages(client, route, {}, schema)) yield* page.installations;
}
