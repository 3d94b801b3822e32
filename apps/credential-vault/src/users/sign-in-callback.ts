import { Injectable } from '@nestjs/common';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import type { SignInFlowEntity } from './sign-in-flow.entity.js';
import { SignInStateError } from './sign-in-state.error.js';

/** The request with which a server sent the user's browser back. */
export interface ReceivedCallback {
  /** Connection in the path of the callback URL; empty for the URL that existing apps share. */
  readonly connectionId: string;
  /** `iss` of the query (RFC 9207); empty if the server sends none. */
  readonly issuer: string;
}

/**
 * Chooses the callback URL of a sign-in and checks the callback against it. Each connection has a URL of its own,
 * because with a shared one a malicious server can lead the browser on to an honest server and receive the honest
 * server's code (mix-up, RFC 9700 section 4.4). Existing apps list only the shared URL; they use it while all servers
 * of the organization are the same, when there is nothing to mix up.
 */
@Injectable()
export class SignInCallback {
  constructor(private readonly connections: Connections) {}

  /** @param callbackUrl the API's callback URL, without a connection */
  async redirectUri(connection: ConnectedConnection, callbackUrl: string): Promise<string> {
    const isShared = connection.sharedCallback && !(await this.connections.hasOtherServers(connection));
    return isShared ? callbackUrl : `${callbackUrl}/${connection.id}`;
  }

  /** Must pass before the code is sent anywhere. @throws SignInStateError */
  async verify(
    connection: ConnectedConnection,
    { redirectUri }: SignInFlowEntity,
    { connectionId, issuer }: ReceivedCallback,
  ): Promise<void> {
    const isShared = !redirectUri.endsWith(`/${connection.id}`);
    if (connectionId !== (isShared ? '' : connection.id)) throw new SignInStateError('foreign-connection');
    if (issuer !== '' && !issuersOf(connection).includes(issuer)) throw new SignInStateError('foreign-issuer');
    if (isShared && (await this.connections.hasOtherServers(connection))) {
      throw new SignInStateError('ambiguous-callback');
    }
  }
}

/** GitHub's issuer is `<origin>/login/oauth`; RFC 8414 also allows the origin alone. */
function issuersOf({ origin }: ConnectedConnection): string[] {
  return [origin, `${origin}/login/oauth`];
}
