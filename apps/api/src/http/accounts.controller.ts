import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { accountSchema, confirmAccountSchema, signInStartSchema } from '@reunite/contracts';
import type { Account, ConfirmAccount, SignInStart } from '@reunite/contracts';
import { AccountsService } from '../application/accounts/accounts.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, AnswersNothing, Documented, Identifies, Operation } from './documented.js';

/** The caller's own account on a server. */
@Documented('Accounts')
@Controller('v1/connections/:id')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Get('account')
  @Operation(
    'GetAccount',
    'Get your account on a server',
    'Returns the caller’s account on the server of a connection, without its tokens.',
  )
  @Identifies('connection')
  @Answers(accountSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Account> {
    return this.accounts.get(caller, id);
  }

  @Post('sign-in')
  @Operation(
    'BeginSignIn',
    'Begin the sign-in on a server',
    'Returns the page of the server at which the user authorizes the app. The server redirects back to `/callback/oauth2`.',
  )
  @Identifies('connection')
  @Requires('write')
  @HttpCode(200)
  @Answers(signInStartSchema)
  @Records('account.begin-sign-in')
  begin(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<SignInStart> {
    return this.accounts.begin(caller, id);
  }

  @Post('account/confirmation')
  @Operation(
    'ConfirmAccount',
    'Confirm your account on a server',
    'Confirms the account that the server returned after the sign-in. It is not used before.',
  )
  @Identifies('connection')
  @Requires('write')
  @HttpCode(200)
  @Answers(accountSchema)
  @Records('account.confirm')
  confirm(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: confirmAccountSchema }) input: ConfirmAccount,
  ): Promise<Account> {
    return this.accounts.confirm(caller, id, input);
  }

  @Delete('account')
  @Operation(
    'EndSignIn',
    'Remove your account on a server',
    'Deletes the tokens of the caller’s account. Later changes are made by the app, which names the caller.',
  )
  @Identifies('connection')
  @Requires('write')
  @HttpCode(204)
  @AnswersNothing()
  @Records('account.sign-out')
  end(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.accounts.end(caller, id);
  }
}
