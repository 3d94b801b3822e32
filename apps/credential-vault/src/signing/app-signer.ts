import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { privateKeySigner } from '@reunite/ghes-client';
import { z } from 'zod';
import type { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';
import { KekError } from '../kek/kek.error.js';
import { SIGNING_KEYS } from './signing-keys.js';
import type { SigningKeys } from './signing-keys.js';

/** The stored form of a private key that is in a key service. */
const referenceSchema = z.object({ service: z.string(), key: z.string() });

/** Signs as the app of a connection: with the private key in the database, or in the key service that keeps it. */
@Injectable()
export class AppSigner {
  constructor(
    private readonly credentials: Credentials,
    @Inject(SIGNING_KEYS) private readonly keys: SigningKeys | null,
  ) {}

  /** @throws InvalidPrivateKeyError, UndecryptableError, KekError, KekUnavailableError */
  async sign(connection: ConnectionEntity, data: Buffer): Promise<Buffer> {
    // A key that was just entered is in the database until it is moved, and replaces the one in the service.
    const [pem] = await this.credentials.newest(connection, 'private-key', 1);
    if (!pem) return this.signRemotely(connection, data);
    try {
      return await privateKeySigner(pem.toString('utf8'))(data);
    } finally {
      pem.fill(0);
    }
  }

  private signRemotely(connection: ConnectionEntity, data: Buffer): Promise<Buffer> {
    return this.credentials.use(connection, 'signing-key', (text) => {
      const { service, key } = referenceSchema.parse(JSON.parse(text.toString('utf8')));
      if (this.keys?.id !== service) {
        throw new KekError(
          `The private key of connection ${connection.id} is in ${service}, which SIGNING_KEYS_URL must name.`,
        );
      }
      return this.keys.sign(key, createHash('sha256').update(data).digest());
    });
  }
}

export function signingKeyReference({ id }: SigningKeys, key: string): Buffer {
  return Buffer.from(JSON.stringify({ service: id, key } satisfies z.input<typeof referenceSchema>));
}
