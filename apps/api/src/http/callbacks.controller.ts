import { Controller, Get, Param, Query, Redirect, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  installedCallbackQuerySchema,
  manifestCallbackQuerySchema,
  signInCallbackQuerySchema,
} from '@reunite/contracts';
import type { SignInCallbackQuery } from '@reunite/contracts';
import { AccountsService } from '../application/accounts/accounts.service.js';
import { ConnectService } from '../application/connections/connect.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { CallbackFilter } from './callback.filter.js';

/** Redirect targets of a server's pages. Responses, errors included, redirect to pages of the console. */
@ApiExcludeController()
@UseFilters(CallbackFilter)
@Controller('callback')
export class CallbacksController {
  constructor(
    private readonly connect: ConnectService,
    private readonly accounts: AccountsService,
  ) {}

  @Get('manifest')
  @Requires('owner')
  @Redirect('/', 303)
  @Records('connection.complete-setup')
  async manifest(
    @CurrentCaller() caller: Caller,
    @Query({ schema: manifestCallbackQuerySchema }) { code, state }: { code: string; state: string },
  ): Promise<{ url: string }> {
    return { url: `/connections/${await this.connect.complete(caller, code, state)}` };
  }

  @Get('installed')
  @Redirect('/', 303)
  async installed(
    @CurrentCaller() caller: Caller,
    @Query({ schema: installedCallbackQuerySchema }) { connection }: { connection: string },
  ): Promise<{ url: string }> {
    return { url: `/connections/${await this.connect.installed(caller, connection)}` };
  }

  /** The callback that existing apps share. */
  @Get('oauth2')
  @Requires('write')
  @Redirect('/', 303)
  @Records('account.complete-sign-in')
  async signedIn(
    @CurrentCaller() caller: Caller,
    @Query({ schema: signInCallbackQuerySchema }) query: SignInCallbackQuery,
  ): Promise<{ url: string }> {
    return this.completeSignIn(caller, query, null);
  }

  /** The callback of one connection: the answer of another server is rejected. */
  @Get('oauth2/:connection')
  @Requires('write')
  @Redirect('/', 303)
  @Records('account.complete-sign-in')
  async signedInAt(
    @CurrentCaller() caller: Caller,
    @Param('connection') connectionId: string,
    @Query({ schema: signInCallbackQuerySchema }) query: SignInCallbackQuery,
  ): Promise<{ url: string }> {
    return this.completeSignIn(caller, query, connectionId);
  }

  private async completeSignIn(
    caller: Caller,
    query: SignInCallbackQuery,
    callbackConnectionId: string | null,
  ): Promise<{ url: string }> {
    return { url: `/identity?connection=${await this.accounts.complete(caller, query, callbackConnectionId)}` };
  }
}
