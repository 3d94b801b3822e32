import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type {
  ConnectionProfileInput,
  ConnectionProfileView,
  InspectCertificate,
  ServerCertificate,
} from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { certificateNames, describeCertificate, storedProfile } from '@reunite/ghes-client';
import type { StoredProfile } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { requireVersion } from '../precondition.error.js';
import type { ExpectedVersion } from '../precondition.error.js';
import { connectionProfileView } from './connection-profile.view.js';
import { atItsField } from './entered-credential.js';
import { newServerFields, profileFields, withVaultViolations } from './profile-fields.js';
import { serverOrigin } from './server-origin.js';

/** Reads and replaces connection profiles. The vault verifies and stores them; the row has the part without secrets. */
@Injectable()
export class ConnectionProfilesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async get({ organizationId }: Caller, id: string): Promise<ConnectionProfileView> {
    return connectionProfileView(await this.lookup.connection(organizationId, id));
  }

  /**
   * Replaces the profile after the server answered by it. The vault stores it first; if this process dies before the
   * row is updated, the same call completes it.
   *
   * @throws PreconditionFailedError, PreconditionRequiredError
   * @throws InvalidInputError for a field, or the error of reaching the server; then the previous profile stays
   */
  async replace(
    caller: Caller,
    id: string,
    input: ConnectionProfileInput,
    expected: ExpectedVersion,
  ): Promise<ConnectionProfileView> {
    const { organizationId, subject } = caller;
    const connection = await this.lookup.connection(organizationId, id);
    requireVersion(expected, connection.profileVersion);
    const { id: connectionId, profile: stored } = connection;
    const request = { organizationId, subject, connectionId, profile: input };
    const replaced = withVaultViolations(this.vault.replaceConnectionProfile(request), '');
    const { version } = await atItsField(replaced, profileFields);
    await this.mirror(organizationId, connectionId, storedProfile(input, stored), version);
    await this.requests.follow(jobs.refreshConnection, { connectionId });
    await this.requests.follow(jobs.testConnection, { connectionId });
    return this.get(caller, id);
  }

  /** Reads the certificate of a server, so that a user can compare its fingerprint and pin it. */
  async inspect(caller: Caller, { serverUrl, profile }: InspectCertificate): Promise<ServerCertificate> {
    const { organizationId, subject } = caller;
    const origin = serverOrigin(serverUrl, this.settings);
    const request = { organizationId, subject, connectionId: '', origin, profile: profile ?? null };
    const inspected = withVaultViolations(this.vault.inspectServerCertificate(request), 'profile.');
    const { pem } = await atItsField(inspected, newServerFields);
    const certificate = new X509Certificate(pem);
    const selfSigned = certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
    const names = certificateNames(certificate);
    return { ...describeCertificate(certificate), certificate: pem, selfSigned, names };
  }

  private async mirror(organizationId: string, id: string, profile: StoredProfile, profileVersion: number) {
    await this.dataSource.transaction(async (db) => {
      await db.update(ConnectionEntity, { id, organizationId }, { profile, profileVersion, updatedAt: new Date() });
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
  }
}
