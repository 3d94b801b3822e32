import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { routes } from './routes.js';

const userSchema = z.looseObject({
  id: z.number(),
  login: z.string(),
  type: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  html_url: z.string(),
});

/** A user account on the server. */
export type User = z.output<typeof userSchema>;

/**
 * [Get the authenticated
 * user](https://docs.github.com/enterprise-server@latest/rest/users/users#get-the-authenticated-user). User token.
 */
export async function getAuthenticatedUser(client: GhesClient): Promise<User> {
  return (await client.request(routes.getAuthenticatedUser, {}, userSchema)).data;
}
