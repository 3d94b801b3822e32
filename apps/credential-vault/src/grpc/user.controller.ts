import { Injectable } from '@nestjs/common';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import { SignInService } from '../users/sign-in.service.js';
import { UserAccountService } from '../users/user-account.service.js';
import { UserTokenService } from '../users/user-token.service.js';
import type { Handlers, Request, Response } from './vault-handlers.js';

/** People's accounts at the servers, and what the app does in their name. */
@Injectable()
export class UserController implements Partial<Handlers> {
  constructor(
    private readonly connections: Connections,
    private readonly signIn: SignInService,
    private readonly accounts: UserAccountService,
    private readonly tokens: UserTokenService,
  ) {}

  beginUserSignIn(request: Request<'beginUserSignIn'>, record: CallRecord): Response<'beginUserSignIn'> {
    return this.signIn.begin(request, record);
  }

  completeUserSignIn(request: Request<'completeUserSignIn'>, record: CallRecord): Response<'completeUserSignIn'> {
    return this.signIn.complete(request, record);
  }

  async getUserAccount(request: Request<'getUserAccount'>, record: CallRecord): Response<'getUserAccount'> {
    record.scope = { subject: request.subject };
    return this.accounts.get(request);
  }

  async mintUserToken(request: Request<'mintUserToken'>, record: CallRecord): Response<'mintUserToken'> {
    const { organizationId, connectionId, subject } = request;
    record.scope = { subject };
    return this.tokens.mint(await this.connections.connected(organizationId, connectionId), subject);
  }

  async endUserSignIn(request: Request<'endUserSignIn'>, record: CallRecord): Response<'endUserSignIn'> {
    await this.accounts.end(request, record);
    return {};
  }
}
