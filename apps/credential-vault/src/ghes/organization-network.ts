import { GhesNetwork } from '@reunite/ghes-client';
import type { GhesNetworkOptions } from '@reunite/ghes-client';
import type { KeyedConcurrencyLimit } from '../concurrency/keyed-concurrency-limit.js';

/** A connection's network within its organization's share of concurrent requests. */
export class OrganizationNetwork extends GhesNetwork {
  constructor(
    options: GhesNetworkOptions,
    private readonly organizationId: string,
    private readonly limit: KeyedConcurrencyLimit,
  ) {
    super(options);
  }

  override send(request: Parameters<GhesNetwork['send']>[0]): ReturnType<GhesNetwork['send']> {
    return this.limit.run(this.organizationId, () => super.send(request));
  }
}
