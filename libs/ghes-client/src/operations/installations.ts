import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { Permissions } from './account.schema.js';
import { accountSchema, permissionsSchema } from './account.schema.js';
import { pages } from './paging.js';
import { noContentSchema } from './no-content.schema.js';
import type { Repository } from './repositories.js';
import { repositorySchema } from './repositories.js';

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
export async function* listInstallations(client: GhesClient): AsyncGenerator<Installation, void, undefined> {
  for await (const page of pages(client, 'GET /app/installations', {}, z.array(installationSchema))) yield* page;
}

/** [Get an installation for the authenticated app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#get-an-installation-for-the-authenticated-app). App JWT. */
export async function getInstallation(
  client: GhesClient,
  { installationId }: { installationId: number },
): Promise<Installation> {
  const route = 'GET /app/installations/{installation_id}';
  return (await client.request(route, { installation_id: installationId }, installationSchema)).data;
}

/**
 * [Create an installation access token for an app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#create-an-installation-access-token-for-an-app).
 * App JWT.
 *
 * @throws SuspendedError if an owner suspended the installation
 */
export async function createInstallationAccessToken(
  client: GhesClient,
  { installationId, repositoryIds, permissions }: InstallationTokenScope,
): Promise<InstallationToken> {
  const body = {
    ...(repositoryIds === undefined ? {} : { repository_ids: repositoryIds }),
    ...(permissions === undefined ? {} : { permissions }),
  };
  const route = 'POST /app/installations/{installation_id}/access_tokens';
  return (await client.request(route, { installation_id: installationId, ...body }, installationTokenSchema)).data;
}

/** [Revoke an installation access token](https://docs.github.com/enterprise-server@latest/rest/apps/installations#revoke-an-installation-access-token): the one that the client calls with. */
export async function revokeInstallationAccessToken(client: GhesClient): Promise<void> {
  await client.request('DELETE /installation/token', {}, noContentSchema);
}

/** [List repositories accessible to the app installation](https://docs.github.com/enterprise-server@latest/rest/apps/installations#list-repositories-accessible-to-the-app-installation). Installation token. */
export async function* listReposAccessibleToInstallation(
  client: GhesClient,
): AsyncGenerator<Repository, void, undefined> {
  const schema = z.looseObject({ repositories: z.array(repositorySchema) });
  for await (const page of pages(client, 'GET /installation/repositories', {}, schema)) yield* page.repositories;
}
