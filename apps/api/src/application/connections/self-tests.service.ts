import { Inject, Injectable } from '@nestjs/common';
import { SelfTestEntity, webhookUrls } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { SelfTest } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** The self-test of a connection, which the worker runs. */
@Injectable()
export class SelfTestsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async get({ organizationId }: Caller, id: string): Promise<SelfTest> {
    const connection = await this.lookup.connection(organizationId, id);
    const test = await this.dataSource.manager.findOneBy(SelfTestEntity, { connectionId: connection.id });
    if (!test) {
      const untested = { testedAt: null, failingSince: null, serverVersion: null, certificateExpiresAt: null };
      return { state: 'untested', ...untested, probes: [] };
    }
    const { testedAt, failingSince, serverVersion, certificateExpiresAt, probes } = test;
    return {
      state: worstOf(probes),
      testedAt: testedAt.toISOString(),
      failingSince: failingSince?.toISOString() ?? null,
      serverVersion,
      certificateExpiresAt: certificateExpiresAt?.toISOString() ?? null,
      probes,
    };
  }

  async run({ organizationId }: Caller, id: string): Promise<void> {
    const { id: connectionId } = await this.lookup.connection(organizationId, id);
    await this.requests.add(jobs.testConnection, { connectionId });
  }

  /** Sets URL, content type and secret of the app's webhook on the server. */
  async repairWebhook({ organizationId, subject }: Caller, id: string): Promise<void> {
    const { id: connectionId } = await this.lookup.connection(organizationId, id);
    const [url] = webhookUrls(this.settings.webhookPublicUrl, connectionId);
    await this.vault.repairWebhook({ organizationId, subject, connectionId, url });
    await this.requests.follow(jobs.testConnection, { connectionId });
  }
}

function worstOf(probes: SelfTest['probes']): SelfTest['state'] {
  return (['failed', 'warning'] as const).find((state) => probes.some((probe) => probe.state === state)) ?? 'ok';
}
