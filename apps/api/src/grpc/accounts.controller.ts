import { GrpcMethod, Payload } from '@nestjs/microservices';
import { confirmAccountSchema } from '@reunite/contracts';
import type { Account, SignInStart } from '@reunite/contracts';
import type { ConfirmAccountRequest, GetRequest } from '@reunite/contracts/bridge';
import { AccountsService } from '../application/accounts/accounts.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class AccountsGrpcController {
  constructor(private readonly accounts: AccountsService) {}

  @GrpcMethod('Accounts', 'GetAccount')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Account> {
    return this.accounts.get(caller, id);
  }

  @Requires('write')
  @GrpcMethod('Accounts', 'BeginSignIn')
  @Records('account.begin-sign-in')
  async begin(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<SignInStart> {
    return this.accounts.begin(caller, id);
  }

  @Requires('write')
  @GrpcMethod('Accounts', 'ConfirmAccount')
  @Records('account.confirm')
  async confirm(@CurrentCaller() caller: Caller, @Payload() request: ConfirmAccountRequest): Promise<Account> {
    return this.accounts.confirm(caller, request.id, validated(confirmAccountSchema, request));
  }

  @Requires('write')
  @GrpcMethod('Accounts', 'EndSignIn')
  @Records('account.sign-out')
  async end(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.accounts.end(caller, id);
    return {};
  }
}
