import { Injectable } from '@nestjs/common';
import type {
  BeginUserSignInRequest,
  BeginUserSignInResponse,
  CompleteUserSignInRequest,
  UserAccount,
} from '@reunite/contracts';
import { createPkcePair, userAuthorizationUrl } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import { SignInCallback } from './sign-in-callback.js';
import { PkceVerifiers } from './pkce-verifiers.js';
import { SignInExchange } from './sign-in-exchange.js';
import { SignInStates } from './sign-in-states.js';
import { UserAccountService } from './user-account.service.js';

/** The OAuth web flow with PKCE: a user authorizes the app of a connection to act for them. */
@Injectable()
export class SignInService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly verifiers: PkceVerifiers,
    private readonly states: SignInStates,
    private readonly callback: SignInCallback,
    private readonly exchange: SignInExchange,
    private readonly accounts: UserAccountService,
  ) {}

  async begin(request: BeginUserSignInRequest, record: CallRecord): Promise<BeginUserSignInResponse> {
    const { organizationId, subject, connectionId, callbackUrl } = request;
    const connection = await this.connections.connected(organizationId, connectionId);
    const redirectUri = await this.callback.redirectUri(connection, callbackUrl);
    const { verifier, challenge } = createPkcePair();
    const storeVerifier = await this.verifiers.reserve(connection, subject);
    const state = await this.dataSource.transaction(async (manager) => {
      const verifierVersion = await storeVerifier(manager, verifier);
      const binding = { organizationId, subject, connectionId, redirectUri, verifierVersion };
      const issued = await this.states.issue(manager, binding);
      await record.commitWith(manager);
      return issued;
    });
    const { origin, clientId } = connection;
    const authorization = { origin, clientId: clientId ?? '', redirectUri, state, codeChallenge: challenge };
    return { authorizeUrl: userAuthorizationUrl(authorization) };
  }

  async complete(request: CompleteUserSignInRequest, record: CallRecord): Promise<UserAccount> {
    const { organizationId, subject, state, code } = request;
    const flow = await this.states.claim(state, { organizationId, subject });
    record.connectionId = flow.connectionId;
    const connection = await this.connections.connected(organizationId, flow.connectionId);
    await this.callback.verify(connection, flow, request);
    await this.exchange.exchange(connection, flow, code, record);
    return this.accounts.identify(connection, subject);
  }
}
