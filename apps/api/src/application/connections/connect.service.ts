import { Inject, Injectable } from '@nestjs/common';
import { appManifest } from '@reunite/connections';
import { ConflictError, jobs } from '@reunite/contracts';
import type { ConnectionProfileInput, CreateConnection, ManifestForm } from '@reunite/contracts';
import { manifestFormUrl } from '@reunite/ghes-client';
import { VaultError } from '@reunite/vault-client';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { ConnectionRows } from './connection-rows.service.js';
import type { BegunConnection } from './connection-rows.service.js';
import { IdempotencyService } from '../idempotency.service.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { atItsField } from './entered-credential.js';
import { newServerFields, withVaultViolations } from './profile-fields.js';
import { serverOrigin } from './server-origin.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Adds a connection with a new app: a pending connection, the server's manifest page, and the redirect with a code. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly rows: ConnectionRows,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    private readonly idempotency: IdempotencyService,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /**
   * Inserts a pending connection and returns its manifest form. The `state` in the form's URL is a secret until it is
   * used, so it is not stored: a repeated request with the same key gets a new one.
   *
   * @throws InvalidInputError for the server URL, ConflictError for the name
   */
  begin(caller: Caller, input: CreateConnection, key: string | undefined): Promise<ManifestForm> {
    return this.idempotency.once(caller, key, ['create connection', input], () => this.create(caller, input), {
      keep: ({ connectionId }: ManifestForm) => ({ connectionId }),
      again: ({ connectionId }) => this.beginAgain(caller, connectionId),
    });
  }

  /** Returns a new form for a setup that was not completed. @throws InvalidInputError if the server is no GHES */
  async beginAgain(caller: Caller, connectionId: string): Promise<ManifestForm> {
    const connection = await this.lookup.connection(caller.organizationId, connectionId);
    if (connection.status !== 'pending') throw new ConflictError(`${connection.name} has its app already.`);
    return this.formOf(caller, connection);
  }

  /** Exchanges the code of the server's redirect, in the vault. @returns the connection's id */
  async complete({ organizationId, subject }: Caller, code: string, state: string): Promise<string> {
    const { connectionId, app } = await this.vault.completeManifest({ organizationId, subject, code, state });
    if (app === null) throw new VaultError('The credential vault returned no app.', 'vault-internal');
    await this.rows.connected(organizationId, connectionId, app);
    await this.requests.follow(jobs.refreshConnection, { connectionId });
    await this.requests.follow(jobs.testConnection, { connectionId });
    return connectionId;
  }

  /** Handles the redirect after an installation. It can be forged, so it only triggers a refresh. */
  async installed({ organizationId }: Caller, connectionId: string): Promise<string> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    await this.requests.follow(jobs.refreshConnection, { connectionId: id });
    return id;
  }

  private async create(caller: Caller, input: CreateConnection): Promise<ManifestForm> {
    const { name, serverUrl, owner, profile = null } = input;
    const origin = serverOrigin(serverUrl, this.settings);
    const connection = await this.rows.begin(caller, { name, origin, owner, profile });
    try {
      return await this.formOf(caller, connection, profile);
    } catch (error) {
      await this.rows.remove(caller.organizationId, connection.id);
      throw error;
    }
  }

  /**
   * The vault asks the server for its version first, so that a user is not sent to a server that cannot be connected.
   */
  private async formOf(
    { organizationId, subject }: Caller,
    connection: BegunConnection,
    profile: ConnectionProfileInput | null = null,
  ): Promise<ManifestForm> {
    const { id: connectionId, name, origin, owner } = connection;
    const request = { organizationId, subject, connectionId, origin, owner, profile };
    const begun = withVaultViolations(this.vault.beginManifest(request), 'profile.');
    const { state } = await atItsField(begun, newServerFields);
    const { publicUrl, webhookPublicUrl } = this.settings;
    const addresses = { apiUrl: publicUrl, homepageUrl: publicUrl, webhookUrl: webhookPublicUrl };
    const manifest = JSON.stringify(appManifest(connectionId, name, addresses));
    return { connectionId, action: manifestFormUrl({ origin, owner, state }), manifest };
  }
}
