import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from '../connections/connection.entity.js';
import { lockConnection } from '../connections/lock-connection.js';
import { Credentials } from '../credentials/credentials.js';
import { FLOW_LIFETIME_MS } from '../flows/flow-states.js';

const slotOf = (subject: string) => ({ kind: 'pkce-verifier', subject }) as const;

/** The secrets of sign-ins that were begun: whoever has seen a code on its way cannot exchange it without. */
@Injectable()
export class PkceVerifiers {
  constructor(private readonly credentials: Credentials) {}

  /** @returns keeps a verifier, and tells its version; those of sign-ins that can no longer be completed go */
  async reserve(connection: ConnectionEntity, subject: string) {
    const keep = await this.credentials.reserve(connection, slotOf(subject));
    return async (manager: EntityManager, verifier: string): Promise<number> => {
      await lockConnection(manager, connection.id);
      await this.credentials.forgetVerifiers(manager, new Date(Date.now() - FLOW_LIFETIME_MS));
      return keep(manager, Buffer.from(verifier));
    };
  }

  /** @throws UndecryptableError */
  async read(connection: ConnectionEntity, subject: string, version: number): Promise<string> {
    const verifier = await this.credentials.version(connection, slotOf(subject), version);
    const text = verifier.toString('utf8');
    verifier.fill(0);
    return text;
  }

  async forget(manager: EntityManager, connection: ConnectionEntity, subject: string, version: number): Promise<void> {
    await this.credentials.forget(manager, connection, slotOf(subject), version);
  }
}
