import { CodedError } from '@reunite/contracts';
import { GhesUnauthorizedError } from '@reunite/ghes-client';

/** The server rejects the app's client secret. Users cannot sign in until an owner enters a new one. */
export class ClientSecretError extends CodedError {
  readonly code = 'client-secret-rejected';

  constructor(origin: string, options?: ErrorOptions) {
    super(
      `${origin} does not accept the app's client secret. Generate a new one on the app's page and enter it here.`,
      options,
    );
  }
}

/**
 * Runs a request to the token endpoint, where GHES answers a rejected client secret and a rejected token with the same
 * error type.
 *
 * @throws ClientSecretError
 */
export async function withClientSecret<T>({ origin }: { origin: string }, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    const isRejected = cause instanceof GhesUnauthorizedError && cause.message.includes('incorrect_client_credentials');
    throw isRejected ? new ClientSecretError(origin, { cause }) : cause;
  }
}
