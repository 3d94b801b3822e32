import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { Permissions } from './account.schema.js';
import { accountSchema, permissionsSchema } from './account.schema.js';
import { listOf } from './list.schema.js';
import { items, itemsUnder } from './paging.js';
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
  events: listOf(z.string(), 200),
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

/** A token for an installation, valid for an hour. */
export type InstallationToken = z.output<typeof installationTokenSchema>;

/** The installation, repositories and permissions that a token is limited to. */
export interface InstallationTokenScope {
  readonly installationId: number;
  /** At most 500. Default: all repositories of the installation. */
  readonly repositoryIds?: readonly number[] | undefined;
  /** Default: all granted permissions. */
  readonly permissions?: Permissions | undefined;
}

/** [List installations for the authenticated app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#list-installations-for-the-authenticated-app). App JWT. */
export function listInstallations(client: GhesClient): AsyncGenerator<Installation, void, undefined> {
  return items(client, routes.listInstallations, {}, installationSchema);
}

const installationRequestSchema = z.looseObject({
  id: z.number(),
  account: accountSchema,
  requester: accountSchema,
  created_at: z.string(),
});

/** A request of a member to the owners of an organization, to install the app. */
export type InstallationRequest = z.output<typeof installationRequestSchema>;

/** [List installation requests for the authenticated app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#list-installation-requests-for-the-authenticated-app). App JWT. */
export function listInstallationRequests(client: GhesClient): AsyncGenerator<InstallationRequest, void, undefined> {
  return items(client, routes.listInstallationRequests, {}, installationRequestSchema);
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
  // The response describes each of the repositories.
  const size = (repositoryIds?.length ?? 0) > 1 ? 'page' : 'token';
  return (await client.request(routes.createInstallationAccessToken, parameters, installationTokenSchema, { size }))
    .data;
}

/** [Revoke an installation access token](https://docs.github.com/enterprise-server@latest/rest/apps/installations#revoke-an-installation-access-token): the client's own. */
export async function revokeInstallationAccessToken(client: GhesClient): Promise<void> {
  await client.request(routes.revokeInstallationAccessToken, {}, noContentSchema);
}

/** [List repositories accessible to the app installation](https://docs.github.com/enterprise-server@latest/rest/apps/installations#list-repositories-accessible-to-the-app-installation). Installation token. */
export function listReposAccessibleToInstallation(client: GhesClient): AsyncGenerator<Repository, void, undefined> {
  return itemsUnder(client, routes.listReposAccessibleToInstallation, {}, 'repositories', repositorySchema);
}
