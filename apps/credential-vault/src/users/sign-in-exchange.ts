import { Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import { exchangeUserCode } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { lockConnection } from '../connections/lock-connection.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { withClientSecret } from './client-secret.error.js';
import { PkceVerifiers } from './pkce-verifiers.js';
import type { SignInFlowEntity } from './sign-in-flow.entity.js';
import { SignInStates } from './sign-in-states.js';
import { UserAccounts } from './user-accounts.js';
import { UserRevocation } from './user-revocation.js';

/** Exchanges the code of a sign-in and commits the tokens before anything else. */
@Injectable()
export class SignInExchange {
  constructor(
    private readonly dataSource: DataSource,
    private readonly states: SignInStates,
    private readonly verifiers: PkceVerifiers,
    private readonly accounts: UserAccounts,
    private readonly ghes: GhesClients,
    private readonly revocation: UserRevocation,
  ) {}

  /** Sends the code to the connection's origin: nothing in a callback can direct it elsewhere (P6). */
  async exchange(connection: ConnectedConnection, flow: SignInFlowEntity, code: string, record: CallRecord) {
    const { subject, verifierVersion } = flow;
    const { store, tokens } = await this.requestTokens(connection, flow, code);
    const revokePrevious = await this.dataSource.transaction(async (manager) => {
      await lockConnection(manager, connection.id);
      const revoke = await this.revocation.ofTokens(manager, connection, subject);
      await store(manager, tokens, { githubId: null, login: null, verifiedAt: null });
      await this.verifiers.forget(manager, connection, subject, verifierVersion);
      await record.commitWith(manager);
      return revoke;
    });
    // In the background: the user already has new tokens.
    void revokePrevious();
  }

  /** Calls the key service first, because a code can be exchanged only once. */
  private async requestTokens(connection: ConnectedConnection, flow: SignInFlowEntity, code: string) {
    const { subject, redirectUri, verifierVersion } = flow;
    try {
      const store = await this.accounts.reserve(connection, subject);
      const client = await this.ghes.oauthClient(connection);
      const codeVerifier = await this.verifiers.read(connection, subject, verifierVersion);
      const parameters = { code, redirectUri, codeVerifier };
      const tokens = await withClientSecret(client, () => exchangeUserCode(this.ghes.oauthApp(client), parameters));
      return { store, tokens };
    } catch (error) {
      if (isCoded(error) && error.retryable) await this.states.release(flow);
      throw error;
    }
  }
}
