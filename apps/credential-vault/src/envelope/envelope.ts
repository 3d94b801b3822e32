import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import { open, seal } from '../crypto/aes-gcm.js';
import type { Box } from '../crypto/aes-gcm.js';
import { canonical } from '../crypto/canonical.js';
import { KEK_PROVIDER } from '../kek/kek-provider.js';
import type { KekProvider, WrappedKey } from '../kek/kek-provider.js';
import { UndecryptableError } from './undecryptable.error.js';

/** `signing-key`: the reference to a private key in a key service. */
export const appCredentialKinds = [
  'client-secret',
  'connection-profile',
  'private-key',
  'signing-key',
  'webhook-secret',
] as const;
export const userCredentialKinds = ['pkce-verifier', 'user-access-token', 'user-refresh-token'] as const;
export type AppCredentialKind = (typeof appCredentialKinds)[number];
export type UserCredentialKind = (typeof userCredentialKinds)[number];
export type CredentialKind = AppCredentialKind | UserCredentialKind;

/** The owner of a credential. It is associated data: with any other binding the credential does not decrypt. */
export interface CredentialBinding {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly origin: string;
  readonly kind: CredentialKind;
  readonly version: number;
  /** `sub` of the user that it belongs to; absent or empty for a credential of the app. */
  readonly subject?: string;
}

export interface SealedCredential extends Box, WrappedKey {}

/** Envelope encryption: each credential has a random data key (DEK), wrapped by the KEK. Both layers bind the owner. */
@Injectable()
export class Envelope {
  constructor(@Inject(KEK_PROVIDER) private readonly kek: KekProvider) {}

  /** The caller zeroes the plaintext. */
  async seal(binding: CredentialBinding, plaintext: Buffer): Promise<SealedCredential> {
    return (await this.prepare(binding))(plaintext);
  }

  /**
   * Wraps a data key before the plaintext exists, so that storing a credential that a server returns only once does not
   * depend on the key service.
   *
   * @returns seals one plaintext; a second call throws
   */
  async prepare(binding: CredentialBinding): Promise<(plaintext: Buffer) => SealedCredential> {
    const dek = randomBytes(32);
    const wrapped = await this.kek.wrap(dek, associatedData('dek', binding));
    let used = false;
    return (plaintext) => {
      // A zeroed key would seal too, and anyone could open the result.
      if (used) throw new Error('A data key seals one credential.');
      used = true;
      const box = seal(dek, plaintext, associatedData('credential', binding));
      dek.fill(0);
      return { ...box, ...wrapped };
    };
  }

  /** Wraps the same data key by the current KEK, without decrypting the credential. */
  async rewrap(binding: CredentialBinding, wrapped: WrappedKey): Promise<WrappedKey> {
    const data = associatedData('dek', binding);
    const dek = await this.kek.unwrap(wrapped, data);
    try {
      return await this.kek.wrap(dek, data);
    } finally {
      dek.fill(0);
    }
  }

  /** @returns the plaintext; the caller zeroes it. @throws UndecryptableError */
  async open(binding: CredentialBinding, sealed: SealedCredential): Promise<Buffer> {
    try {
      const dek = await this.kek.unwrap(sealed, associatedData('dek', binding));
      try {
        return open(dek, sealed, associatedData('credential', binding));
      } finally {
        dek.fill(0);
      }
    } catch (error) {
      if (isCoded(error) && error.retryable) throw error;
      throw new UndecryptableError(
        `The ${binding.kind} (version ${binding.version}) of ${binding.connectionId} does not decrypt: its row was changed or moved.`,
        { cause: error },
      );
    }
  }
}

function associatedData(layer: 'credential' | 'dek', binding: CredentialBinding): Buffer {
  const { organizationId, connectionId, origin, kind, version, subject = '' } = binding;
  const user = subject === '' ? [] : [subject];
  return canonical(`reunite/${layer}/1`, [organizationId, connectionId, origin, kind, version, ...user]);
}
