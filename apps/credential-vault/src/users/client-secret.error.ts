import { CodedError } from '@reunite/contracts';
import { GhesUnauthorizedError } from '@reunite/ghes-client';

/** The server does not take the app's client secret: nobody can sign in until an owner enters a new one. */
export class ClientSecretError extends CodedError {
  readonly code = 'client-secret-rejected';

  constructor(origin: string, options?: ErrorOptions) {
    super(
      `${origin} does not accept the app's client secret. Make a new one on the app's page and enter it here.`,
      options,
    );
  }
}

/** Tells a refused client secret from a refused token: both are answered as unauthorized. @throws ClientSecretError */
export async function withClientSecret<T>({ origin }: { origin: string }, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    const refused = cause instanceof GhesUnauthorizedError && cause.message.includes('incorrect_client_credentials');
    throw refused ? new ClientSecretError(origin, { cause }) : cause;
  }
}
