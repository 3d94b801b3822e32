import { Injectable } from '@nestjs/common';
import type { VaultConnectionProfile } from '@reunite/contracts';
import { DIRECT_PROFILE } from '@reunite/ghes-client';
import type { GhesNetwork } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import type { CredentialOwner } from '../credentials/credentials.js';
import { ConnectionProfiles } from './connection-profiles.js';
import { ServerCheck } from './server-check.js';

/** A profile that was verified with its server. */
export interface CheckedProfile<T> {
  /** Result of the further requests. */
  readonly result: T;
  /** Stores the profile in the transaction that creates the connection. Does nothing if none was entered. */
  readonly store: (manager: EntityManager) => Promise<void>;
}

/** Checks the profile of a connection that is being set up, before an app exists. */
@Injectable()
export class NewProfiles {
  constructor(
    private readonly dataSource: DataSource,
    private readonly profiles: ConnectionProfiles,
    private readonly check: ServerCheck,
  ) {}

  /**
   * @param entered null to use the stored one of an earlier attempt, or none
   * @param then further requests by the same profile
   * @throws InvalidInputError that names the fields, or the errors of `checkServer`
   */
  async checked<T>(
    claim: CredentialOwner,
    entered: VaultConnectionProfile | null,
    signal: AbortSignal,
    then: (network: GhesNetwork) => Promise<T>,
  ): Promise<CheckedProfile<T>> {
    const existing = await this.dataSource.manager.findOneBy(ConnectionEntity, { id: claim.id });
    const stored = existing ? await this.profiles.current(existing) : DIRECT_PROFILE;
    const profile = entered ? this.profiles.complete(entered, stored) : stored;
    const result = await this.check.run(claim, profile, signal, then);
    if (!entered) return { result, store: () => Promise.resolve() };
    const store = await this.profiles.reserve(claim);
    return {
      result,
      store: async (manager) => {
        await store(manager, profile);
      },
    };
  }
}
