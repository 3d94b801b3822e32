import { call } from './client.js';

export interface LocalUser {
  readonly id: string;
  readonly name: string;
  readonly organizationName: string;
  readonly roles: readonly string[];
}

/** Lists the users of the local stack, whose sign-in is no part of the API's description. */
export async function readLocalUsers(signal: AbortSignal): Promise<{ users: LocalUser[] }> {
  const response = await call(new Request('/auth/local/users', { signal }));
  return (await response.json()) as { users: LocalUser[] };
}

export async function signInLocally(user: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await call(new Request('/auth/local/sign-in', { method: 'POST', headers, body: JSON.stringify({ user }) }));
}
