import { Inject, Injectable } from '@nestjs/common';
import { existingAppSettings, requiredPermissions } from '@reunite/connections';
import { InvalidInputError, jobs } from '@reunite/contracts';
import type { AddExistingApp, AppSettings, Connection, VaultApp } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import type { Caller } from '../../auth/caller.js';
import { LOGGER } from '../../logger.js';
import type { Logger } from '../../logger.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { ConnectionRows } from './connection-rows.service.js';
import { ConnectionsService } from './connections.service.js';
import { atItsField, existingAppFields } from './entered-credential.js';
import { forgetCredentials } from './forget-credentials.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { withVaultViolations } from './profile-fields.js';
import { serverOrigin } from './server-origin.js';

const UNCONFIRMED =
  'The app is not verified yet. Select Refresh to verify it, or delete this provider and add it again.';

/** Adds a connection with an existing app. Its credentials are stored in the vault only. */
@Injectable()
export class ExistingAppService {
  constructor(
    private readonly rows: ConnectionRows,
    private readonly connections: ConnectionsService,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns the required settings of the app on the server. */
  appSettings(): AppSettings {
    const { publicUrl: apiUrl, webhookPublicUrl: webhookUrl } = this.settings;
    return existingAppSettings({ apiUrl, webhookUrl });
  }

  /**
   * Inserts the row first, so that every credential in the vault has a connection through which it can be deleted. If
   * this process dies, a pending connection remains; a refresh completes it if the vault has the app.
   *
   * @throws InvalidInputError for a field, ConflictError for the name; both leave nothing behind
   */
  async add(caller: Caller, input: AddExistingApp): Promise<Connection> {
    const { organizationId } = caller;
    const { name, owner, profile = null } = input;
    const origin = serverOrigin(input.serverUrl, this.settings);
    await this.rows.assertNewApp(organizationId, origin, input.appId);
    const { id } = await this.rows.begin(caller, { name, origin, owner, profile, statusReason: UNCONFIRMED });
    try {
      const app = await this.register(caller, id, origin, input);
      await this.rows.connected(organizationId, id, app);
    } catch (error) {
      if (isCertain(error)) await this.undo(caller, id);
      else await this.requests.follow(jobs.refreshConnection, { connectionId: id });
      throw error;
    }
    await this.requests.follow(jobs.refreshConnection, { connectionId: id });
    await this.requests.follow(jobs.testConnection, { connectionId: id });
    return this.connections.get(caller, id);
  }

  private async register(caller: Caller, connectionId: string, origin: string, input: AddExistingApp) {
    const { organizationId, subject } = caller;
    const { owner, appId, clientId, clientSecret, privateKey, webhookSecret, profile = null } = input;
    const credentials = { appId, clientId, clientSecret, privateKey, webhookSecret };
    const request = { organizationId, subject, connectionId, origin, ...credentials, requiredPermissions, profile };
    const registered = withVaultViolations(this.vault.registerApp(request), 'profile.');
    const app = await atItsField(registered, existingAppFields);
    requireOwner(app, owner);
    return app;
  }

  /**
   * The vault may have stored the app before it failed. If the deletion fails too, the connection stays and can be
   * deleted.
   */
  private async undo(caller: Caller, id: string): Promise<void> {
    try {
      await forgetCredentials(this.vault, caller, id);
      await this.rows.remove(caller.organizationId, id);
    } catch (error) {
      this.logger.error({ err: error, connectionId: id }, 'connection not deleted after its app was rejected');
    }
  }
}

/** False if the vault may still store the app after a timeout: the connection's row is needed to delete it. */
function isCertain(error: unknown): boolean {
  return !(error instanceof VaultError && ['vault-timeout', 'vault-unavailable'].includes(error.code));
}

/** Some servers do not return the owner. @throws InvalidInputError if it is another one */
function requireOwner(app: VaultApp, owner: string): void {
  if (app.owner === '' || app.owner.toLowerCase() === owner.toLowerCase()) return;
  const message = `App ${app.id} belongs to ${app.owner}, not to ${owner}.`;
  throw new InvalidInputError(message, [{ path: 'owner', message }]);
}
