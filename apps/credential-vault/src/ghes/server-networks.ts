import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { profileNetworkOptions, ResponseBudgets } from '@reunite/ghes-client';
import type { ConnectionProfile, GhesNetwork, NetworkLimits, ResponseBudgetLimits } from '@reunite/ghes-client';
import { LRUCache } from 'lru-cache';
import { KeyedConcurrencyLimit } from '../concurrency/keyed-concurrency-limit.js';
import { ConnectionProfiles } from '../profiles/connection-profiles.js';
import type { ProfileOwner } from '../profiles/connection-profiles.js';
import { OrganizationNetwork } from './organization-network.js';

export interface GhesSettings {
  /** Address ranges that are reachable although they are blocked by default, e.g. loopback in a local stack. */
  readonly allowedCidrs: readonly string[];
  readonly allowInsecureHttp: boolean;
  /** Limits of one connection. A profile can only lower them. */
  readonly limits: Partial<NetworkLimits>;
  readonly budgets: ResponseBudgetLimits;
}

export const GHES_SETTINGS = Symbol('GHES settings');

/** Connections whose keep-alive connections stay open; the least recently used one is closed first. */
const MAX_SERVERS = 1_000;
/** Concurrent requests to the servers of one organization. One slow server must not use up what the others share. */
const MAX_ORGANIZATION_REQUESTS = 16;
/** Concurrent requests to the server of one connection. */
const MAX_CONNECTION_REQUESTS = 8;

interface Entry {
  readonly profileVersion: number;
  readonly network: Promise<GhesNetwork>;
}

/** The networks of the connections, each with the current profile of its connection. */
@Injectable()
export class ServerNetworks implements OnModuleDestroy {
  private readonly entries = new LRUCache<string, Entry>({
    max: MAX_SERVERS,
    dispose: (entry) => void close(entry),
  });
  private readonly limit = new KeyedConcurrencyLimit({ perKey: MAX_ORGANIZATION_REQUESTS });
  private readonly budgets: ResponseBudgets;

  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly profiles: ConnectionProfiles,
  ) {
    this.budgets = new ResponseBudgets(settings.budgets);
  }

  /** @throws UndecryptableError, or the error of the key service, if the profile cannot be read */
  of(owner: ProfileOwner): Promise<GhesNetwork> {
    const { id, profileVersion } = owner;
    const existing = this.entries.get(id);
    if (existing?.profileVersion === profileVersion) return existing.network;
    const network = this.profiles.current(owner).then((profile) => this.create(owner.organizationId, profile, id));
    const entry = { profileVersion, network };
    // The network of the previous profile completes its requests and closes.
    this.entries.set(id, entry);
    network.catch(() => {
      if (this.entries.peek(id) === entry) this.entries.delete(id);
    });
    return network;
  }

  /** Creates a network for a profile that need not be stored. The caller closes it. */
  create(organizationId: string, profile: ConnectionProfile, connectionId?: string): GhesNetwork {
    const { allowedCidrs, limits } = this.settings;
    const own = { ...limits, maxConcurrentRequests: MAX_CONNECTION_REQUESTS };
    const budgets = this.budgets.of(organizationId);
    const options = { ...profileNetworkOptions(profile, own), connectionId, allowedCidrs, budgets };
    return new OrganizationNetwork(options, organizationId, this.limit);
  }

  /** Closes the network of a deleted connection. */
  forget(connectionId: string): void {
    this.entries.delete(connectionId);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.entries.values()].map(close));
  }
}

async function close({ network }: Entry): Promise<void> {
  await network.then(
    (opened) => opened.close(),
    () => undefined,
  );
}
