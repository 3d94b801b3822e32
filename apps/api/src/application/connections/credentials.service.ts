import { Inject, Injectable } from '@nestjs/common';
import { jobs } from '@reunite/contracts';
import type { RotateCredentialRequest, RotatedCredential } from '@reunite/contracts';
import type { Caller } from '../../auth/caller.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { atItsField, clientSecretFields, privateKeyFields } from './entered-credential.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

type Rotation = (request: RotateCredentialRequest) => Promise<RotatedCredential>;

/** Replaces the credentials of a connection's app, one at a time. The vault verifies, stores and audits them. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
  ) {}

  /** @throws InvalidInputError if the server rejects the key for this app; the old key stays in use */
  privateKey(caller: Caller, id: string, credential: string): Promise<RotatedCredential> {
    return this.rotate(caller, id, credential, (request) =>
      atItsField(this.vault.rotatePrivateKey(request), privateKeyFields),
    );
  }

  clientSecret(caller: Caller, id: string, credential: string): Promise<RotatedCredential> {
    return this.rotate(caller, id, credential, (request) =>
      atItsField(this.vault.rotateClientSecret(request), clientSecretFields),
    );
  }

  /** @param credential empty to generate one */
  webhookSecret(caller: Caller, id: string, credential: string): Promise<RotatedCredential> {
    return this.rotate(caller, id, credential, (request) => this.vault.rotateWebhookSecret(request));
  }

  /** A new credential may repair a broken connection, so it is refreshed. */
  private async rotate({ organizationId, subject }: Caller, id: string, credential: string, rotation: Rotation) {
    const { id: connectionId } = await this.lookup.connection(organizationId, id);
    const { version } = await rotation({ organizationId, subject, connectionId, credential });
    await this.requests.follow(jobs.refreshConnection, { connectionId });
    return { version };
  }
}
