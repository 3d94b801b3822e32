import { Injectable } from '@nestjs/common';
import { checkServer } from '@reunite/ghes-client';
import type { ConnectionProfile, GhesNetwork } from '@reunite/ghes-client';
import { ServerNetworks } from '../ghes/server-networks.js';

/** Longest time for the check of a server, in ms: the caller waits for it in a form. */
const CHECK_MS = 20_000;

/** Checks that a profile reaches its server, before anything is stored. */
@Injectable()
export class ServerCheck {
  constructor(private readonly networks: ServerNetworks) {}

  /**
   * @param then further requests by the same profile
   * @throws the errors of `checkServer`
   */
  async run<T>(
    { organizationId, origin }: { readonly organizationId: string; readonly origin: string },
    profile: ConnectionProfile,
    signal: AbortSignal,
    then: (network: GhesNetwork) => Promise<T>,
  ): Promise<T> {
    const network = this.networks.create(organizationId, profile);
    try {
      await checkServer(network, origin, AbortSignal.any([signal, AbortSignal.timeout(CHECK_MS)]));
      return await then(network);
    } finally {
      await network.close();
    }
  }
}
