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

/** Exchanges the code of a sign-in and keeps what comes back before anything else can happen. */
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

  /** The origin is the connection's: nothing in a callback can send the code anywhere else (P6). */
  async exchange(connection: ConnectedConnection, flow: SignInFlowEntity, code: string, record: CallRecord) {
    const { subject, verifierVersion } = flow;
    const { keep, tokens } = await this.tokens(connection, flow, code);
    const revokePrevious = await this.dataSource.transaction(async (manager) => {
      await lockConnection(manager, connection.id);
      const revoke = await this.revocation.ofTokens(manager, connection, subject);
      await keep(manager, tokens, { githubId: null, login: null, verifiedAt: null });
      await this.verifiers.forget(manager, connection, subject, verifierVersion);
      await record.commitWith(manager);
      return revoke;
    });
    // The person has the new ones; what becomes of those from before is nobody's wait.
    void revokePrevious();
  }

  /** Everything that needs the key service comes first: the code is good for one exchange. */
  private async tokens(connection: ConnectedConnection, flow: SignInFlowEntity, code: string) {
    const { subject, redirectUri, verifierVersion } = flow;
    try {
      const keep = await this.accounts.reserve(connection, subject);
      const client = await this.ghes.oauthClient(connection);
      const codeVerifier = await this.verifiers.read(connection, subject, verifierVersion);
      const given = { code, redirectUri, codeVerifier };
      const tokens = await withClientSecret(client, () => exchangeUserCode(this.ghes.oauthApp(client), given));
      return { keep, tokens };
    } catch (error) {
      if (isCoded(error) && error.retryable) await this.states.release(flow);
      throw error;
    }
  }
}
