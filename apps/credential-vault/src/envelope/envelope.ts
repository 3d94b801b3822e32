import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import { open, seal } from './aes-gcm.js';
import type { Box } from './aes-gcm.js';
import { canonical } from './canonical.js';
import { KEK_PROVIDER } from '../kek/kek-provider.js';
import type { KekProvider, WrappedKey } from '../kek/kek-provider.js';
import { UndecryptableError } from './undecryptable.error.js';

export const credentialKinds = ['client-secret', 'private-key', 'webhook-secret'] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** What a credential belongs to. It is associated data: under any other binding the credential does not decrypt. */
export interface CredentialBinding {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly origin: string;
  readonly kind: CredentialKind;
  readonly version: number;
}

export interface SealedCredential extends Box, WrappedKey {}

/** Envelope encryption: a random data key (DEK) for each credential, wrapped by the KEK. Both layers bind the owner. */
@Injectable()
export class Envelope {
  constructor(@Inject(KEK_PROVIDER) private readonly kek: KekProvider) {}

  /** The plaintext stays the caller's to zero. */
  async seal(binding: CredentialBinding, plaintext: Buffer): Promise<SealedCredential> {
    const dek = randomBytes(32);
    try {
      const box = seal(dek, plaintext, associatedData('credential', binding));
      return { ...box, ...(await this.kek.wrap(dek, associatedData('dek', binding))) };
    } finally {
      dek.fill(0);
    }
  }

  /** The same data key, wrapped by the current KEK; the secret itself is not decrypted. */
  async rewrap(binding: CredentialBinding, wrapped: WrappedKey): Promise<WrappedKey> {
    const data = associatedData('dek', binding);
    const dek = await this.kek.unwrap(wrapped, data);
    try {
      return await this.kek.wrap(dek, data);
    } finally {
      dek.fill(0);
    }
  }

  /** The plaintext, for the caller to zero after use. @throws UndecryptableError */
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
  const { organizationId, connectionId, origin, kind, version } = binding;
  return canonical(`reunite/${layer}/1`, [organizationId, connectionId, origin, kind, version]);
}
