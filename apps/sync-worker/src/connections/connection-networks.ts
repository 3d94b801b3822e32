import type { ConnectionEntity } from '@reunite/connections';
import { connectionProfileSchema } from '@reunite/contracts';
import {
  completeProfile,
  DIRECT_PROFILE,
  ghesNetwork,
  profileNetworkOptions,
  ResponseBudgets,
} from '@reunite/ghes-client';
import type {
  ConnectionProfile,
  GhesNetwork,
  NetworkLimits,
  ObservedResponse,
  ResponseBudgetLimits,
} from '@reunite/ghes-client';
import type { Vault } from './vault.js';

export interface NetworkSettings {
  readonly allowedCidrs: readonly string[];
  /** Concurrent requests per connection. */
  readonly requestConcurrency: number;
  /** Other limits of one connection. A profile can only lower them. */
  readonly limits: Partial<NetworkLimits>;
  readonly budgets: ResponseBudgetLimits;
  /** Called with every response of a connection's server. */
  readonly onResponse?: (connectionId: string, response: ObservedResponse) => void;
}

interface Entry {
  readonly profileVersion: number;
  readonly network: Promise<GhesNetwork>;
}

/**
 * The network of each connection, by its current profile. The vault returns the profile with its secrets, which stay in
 * the memory of this process. A connection without a profile needs no call.
 */
export class ConnectionNetworks {
  private readonly entries = new Map<string, Entry>();
  private readonly budgets: ResponseBudgets;

  constructor(
    private readonly vault: Pick<Vault, 'getConnectionProfile'>,
    private readonly settings: NetworkSettings,
  ) {
    this.budgets = new ResponseBudgets(settings.budgets);
  }

  /** @throws VaultError if the profile cannot be read */
  of(connection: ConnectionEntity): Promise<GhesNetwork> {
    const { id, profileVersion } = connection;
    const existing = this.entries.get(id);
    if (existing?.profileVersion === profileVersion) return existing.network;
    const network = this.open(connection);
    const entry = { profileVersion, network };
    // Running jobs continue with the previous network. Its idle connections close after a few seconds.
    this.entries.set(id, entry);
    network.catch(() => {
      if (this.entries.get(id) === entry) this.entries.delete(id);
    });
    return network;
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled([...this.entries.values()].map(({ network }) => network));
    const networks = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(networks.map((network) => network.close()));
  }

  private async open(connection: ConnectionEntity): Promise<GhesNetwork> {
    const { allowedCidrs, requestConcurrency, limits, onResponse } = this.settings;
    const own = { ...limits, maxConcurrentRequests: requestConcurrency };
    const options = profileNetworkOptions(await this.profileOf(connection), own);
    return ghesNetwork({
      ...options,
      connectionId: connection.id,
      onResponse: (response) => onResponse?.(connection.id, response),
      allowedCidrs,
      budgets: this.budgets.of(connection.organizationId),
    });
  }

  private async profileOf({ id, organizationId, profileVersion }: ConnectionEntity): Promise<ConnectionProfile> {
    if (profileVersion === 0) return DIRECT_PROFILE;
    const { profile } = await this.vault.getConnectionProfile({ organizationId, connectionId: id });
    return profile === null ? DIRECT_PROFILE : completeProfile(connectionProfileSchema.parse(profile), DIRECT_PROFILE);
  }
}
