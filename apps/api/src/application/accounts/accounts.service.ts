import { Inject, Injectable } from '@nestjs/common';
import { signInCallbackUrl } from '@reunite/connections';
import { accountStatuses, InvalidInputError } from '@reunite/contracts';
import type { Account, ConfirmAccount, SignInCallbackQuery, SignInStart, UserAccount } from '@reunite/contracts';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { SignInRejectedError } from './sign-in-rejected.error.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** The caller's own account on a connection's server. Accounts of other callers cannot be read or changed. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly lookup: TenantLookup,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async get(caller: Caller, connectionId: string): Promise<Account> {
    return accountView(await this.vault.getUserAccount(await this.request(caller, connectionId)));
  }

  async begin(caller: Caller, connectionId: string): Promise<SignInStart> {
    const request = await this.request(caller, connectionId);
    const callbackUrl = signInCallbackUrl(this.settings.publicUrl);
    const { authorizeUrl } = await this.vault.beginUserSignIn({ ...request, callbackUrl });
    return { authorizeUrl };
  }

  /**
   * Completes a sign-in with the query of the callback. The server's error description is dropped, because a link could
   * contain any text.
   *
   * @param callbackConnectionId connection in the callback's path; null for the URL that existing apps share
   * @returns the connection's id
   * @throws SignInRejectedError, InvalidInputError
   */
  async complete(caller: Caller, query: SignInCallbackQuery, callbackConnectionId: string | null): Promise<string> {
    const { organizationId, subject } = caller;
    const { code, state, error, iss: issuer = '' } = query;
    if (error !== undefined) throw new SignInRejectedError(error);
    if (code === undefined || state === undefined) {
      throw new InvalidInputError('The server’s response is incomplete. Verify your identity again.');
    }
    const request = { organizationId, subject, state, code, connectionId: callbackConnectionId ?? '', issuer };
    const { connectionId } = await this.vault.completeUserSignIn(request);
    return connectionId;
  }

  /** Activates the account that the caller confirmed. Its tokens are not used before that. */
  async confirm(caller: Caller, connectionId: string, { login }: ConfirmAccount): Promise<Account> {
    const request = await this.request(caller, connectionId);
    return accountView(await this.vault.confirmUserSignIn({ ...request, login }));
  }

  async end(caller: Caller, connectionId: string): Promise<void> {
    await this.vault.endUserSignIn(await this.request(caller, connectionId));
  }

  private async request({ organizationId, subject }: Caller, id: string) {
    const connection = await this.lookup.connection(organizationId, id);
    return { organizationId, subject, connectionId: connection.id };
  }
}

function accountView({ status, login, reason }: UserAccount): Account {
  const accountStatus = accountStatuses.find((one) => one === status) ?? 'signed-out';
  return { status: accountStatus, login: login === '' ? null : login, reason: reason === '' ? null : reason };
}
