import type { GhesClient } from '../client.js';
import { noContentSchema } from './no-content.schema.js';
import { routes } from './routes.js';

/** A user token of the app. */
export interface UserTokenOfApp {
  readonly clientId: string;
  readonly accessToken: string;
}

/**
 * [Delete an app
 * token](https://docs.github.com/enterprise-server@latest/rest/apps/oauth-applications#delete-an-app-token). Client of
 * type `oauth-app`.
 */
export async function deleteAppToken(client: GhesClient, { clientId, accessToken }: UserTokenOfApp): Promise<void> {
  const parameters = { client_id: clientId, access_token: accessToken };
  await client.request(routes.deleteAppToken, parameters, noContentSchema);
}

/**
 * [Delete an app
 * authorization](https://docs.github.com/enterprise-server@latest/rest/apps/oauth-applications#delete-an-app-authorization):
 * revokes all tokens of the user, who has to authorize the app again. Client of type `oauth-app`.
 */
export async function deleteAppAuthorization(
  client: GhesClient,
  { clientId, accessToken }: UserTokenOfApp,
): Promise<void> {
  const parameters = { client_id: clientId, access_token: accessToken };
  await client.request(routes.deleteAppAuthorization, parameters, noContentSchema);
}
