import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from '../connections/connection.entity.js';
import { lockConnection } from '../connections/lock-connection.js';
import { Credentials } from '../credentials/credentials.js';
import { takeText } from '../crypto/take-text.js';
import { FLOW_LIFETIME_MS } from '../flows/flow-states.js';

const slotOf = (subject: string) => ({ kind: 'pkce-verifier', subject }) as const;

/** Stores a verifier and deletes those of expired sign-ins. @returns the version */
type StoreVerifier = (manager: EntityManager, verifier: string) => Promise<number>;

/** PKCE verifiers of pending sign-ins (RFC 7636). An intercepted code cannot be exchanged without its verifier. */
@Injectable()
export class PkceVerifiers {
  constructor(private readonly credentials: Credentials) {}

  /** Makes all calls to the key service. */
  async reserve(connection: ConnectionEntity, subject: string): Promise<StoreVerifier> {
    const store = await this.credentials.reserve(connection, slotOf(subject));
    return async (manager, verifier) => {
      await lockConnection(manager, connection.id);
      await this.credentials.forgetVerifiers(manager, new Date(Date.now() - FLOW_LIFETIME_MS));
      return store(manager, Buffer.from(verifier));
    };
  }

  /** @throws UndecryptableError */
  async read(connection: ConnectionEntity, subject: string, version: number): Promise<string> {
    return takeText(await this.credentials.version(connection, slotOf(subject), version));
  }

  async forget(manager: EntityManager, connection: ConnectionEntity, subject: string, version: number): Promise<void> {
    await this.credentials.forget(manager, connection, slotOf(subject), version);
  }
}
