import { Injectable } from '@nestjs/common';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import { SignInService } from '../users/sign-in.service.js';
import { UserAccountService } from '../users/user-account.service.js';
import { UserTokenService } from '../users/user-token.service.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods for users' accounts on the servers. */
@Injectable()
export class UserController implements Partial<VaultMethodHandlers> {
  constructor(
    private readonly connections: Connections,
    private readonly signIn: SignInService,
    private readonly accounts: UserAccountService,
    private readonly tokens: UserTokenService,
  ) {}

  beginUserSignIn(
    request: MethodRequest<'beginUserSignIn'>,
    record: CallRecord,
  ): Promise<MethodResponse<'beginUserSignIn'>> {
    return this.signIn.begin(request, record);
  }

  completeUserSignIn(
    request: MethodRequest<'completeUserSignIn'>,
    record: CallRecord,
  ): Promise<MethodResponse<'completeUserSignIn'>> {
    return this.signIn.complete(request, record);
  }

  confirmUserSignIn(
    request: MethodRequest<'confirmUserSignIn'>,
    record: CallRecord,
  ): Promise<MethodResponse<'confirmUserSignIn'>> {
    return this.accounts.confirm(request, record);
  }

  async getUserAccount(request: MethodRequest<'getUserAccount'>): Promise<MethodResponse<'getUserAccount'>> {
    return this.accounts.get(request);
  }

  async mintUserToken(request: MethodRequest<'mintUserToken'>): Promise<MethodResponse<'mintUserToken'>> {
    const { organizationId, connectionId, subject } = request;
    return this.tokens.mint(await this.connections.connected(organizationId, connectionId), subject);
  }

  async endUserSignIn(
    request: MethodRequest<'endUserSignIn'>,
    record: CallRecord,
  ): Promise<MethodResponse<'endUserSignIn'>> {
    await this.accounts.end(request, record);
    return {};
  }
}
