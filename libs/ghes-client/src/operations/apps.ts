import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema, permissionsSchema } from './account.schema.js';
import { listOf } from './list.schema.js';
import { routes } from './routes.js';

const appSchema = z.looseObject({
  id: z.number(),
  slug: z.string(),
  name: z.string(),
  client_id: z.string().optional(),
  owner: accountSchema.nullable(),
  html_url: z.string(),
  permissions: permissionsSchema,
  events: listOf(z.string(), 200),
});

/** A GitHub App as it sees itself. */
export type App = z.output<typeof appSchema>;

const convertedAppSchema = appSchema.extend({
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullable(),
  pem: z.string(),
});

/** A GitHub App created from its manifest, with all its credentials. For the vault only. */
export type ConvertedApp = z.output<typeof convertedAppSchema>;

/**
 * [Get the authenticated
 * app](https://docs.github.com/enterprise-server@latest/rest/apps/apps#get-the-authenticated-app). App JWT.
 */
export async function getAuthenticatedApp(client: GhesClient): Promise<App> {
  return (await client.request(routes.getAuthenticatedApp, {}, appSchema, { size: 'token' })).data;
}

/**
 * [Create a GitHub App from a
 * manifest](https://docs.github.com/enterprise-server@latest/rest/apps/apps#create-a-github-app-from-a-manifest):
 * exchanges the code of the manifest flow, once and within an hour. No authentication.
 */
export async function convertManifestCode(client: GhesClient, { code }: { code: string }): Promise<ConvertedApp> {
  return (await client.request(routes.convertManifestCode, { code }, convertedAppSchema, { size: 'token' })).data;
}
