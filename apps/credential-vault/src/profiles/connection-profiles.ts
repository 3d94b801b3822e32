import { Injectable } from '@nestjs/common';
import { connectionProfileSchema, InvalidInputError } from '@reunite/contracts';
import type { VaultConnectionProfile } from '@reunite/contracts';
import { completeProfile, DIRECT_PROFILE, profileViolations, storedSecretViolations } from '@reunite/ghes-client';
import type { ConnectionProfile } from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';
import type { CredentialOwner } from '../credentials/credentials.js';

/** A connection and which of its profiles is current; version 0 if it has none. */
export type ProfileOwner = CredentialOwner & Pick<ConnectionEntity, 'profileVersion'>;

/** Stores the profile and makes it current. Call it under a lock of the connection. @returns the version */
export type StoreProfile = (manager: EntityManager, profile: ConnectionProfile) => Promise<number>;

/** The profiles of connections. Each is sealed as a whole, because it contains keys and passwords. */
@Injectable()
export class ConnectionProfiles {
  constructor(private readonly credentials: Credentials) {}

  /** @throws UndecryptableError if the row was changed */
  async current(owner: ProfileOwner): Promise<ConnectionProfile> {
    if (owner.profileVersion === 0) return DIRECT_PROFILE;
    const sealed = await this.credentials.version(owner, 'connection-profile', owner.profileVersion);
    try {
      // A profile of an earlier release may lack a field.
      return { ...DIRECT_PROFILE, ...(JSON.parse(sealed.toString('utf8')) as Partial<ConnectionProfile>) };
    } finally {
      sealed.fill(0);
    }
  }

  /**
   * Completes an entered profile with the secrets of the stored one.
   *
   * @throws InvalidInputError that names the fields
   */
  complete(entered: VaultConnectionProfile, stored: ConnectionProfile): ConnectionProfile {
    const input = connectionProfileSchema.parse(entered);
    const profile = completeProfile(input, stored);
    const dropped = storedSecretViolations(input, stored);
    const invalid = profileViolations(profile).filter(
      ({ path }) => !dropped.some((violation) => violation.path === path),
    );
    const violations = [...invalid, ...dropped];
    const [first] = violations;
    if (first) throw new InvalidInputError(`${first.path}: ${first.message}`, violations);
    return profile;
  }

  /** Makes all calls to the key service that storing needs, before the transaction. */
  async reserve(owner: CredentialOwner): Promise<StoreProfile> {
    const store = await this.credentials.reserve(owner, 'connection-profile');
    return async (manager, profile) => {
      const version = await store(manager, Buffer.from(JSON.stringify(profile)));
      await manager.update(ConnectionEntity, { id: owner.id }, { profileVersion: version });
      await this.credentials.forgetBefore(manager, owner, 'connection-profile', version);
      return version;
    };
  }
}
