import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThan, MoreThan } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ManifestFlowEntity } from './manifest-flow.entity.js';
import { ManifestStateError } from './manifest-state.error.js';

const LIFETIME_MS = 3_600_000;
/** Used and expired states are kept for a while, so that a late callback is told what is wrong with it. */
const KEPT_MS = 7 * 24 * LIFETIME_MS;

type Binding = Pick<ManifestFlowEntity, 'organizationId' | 'subject' | 'connectionId' | 'origin' | 'owner'>;
type Claimant = Pick<ManifestFlowEntity, 'organizationId' | 'subject'>;

/** The states of manifest flows: random, used once, good for an hour, and only their hash is stored. */
@Injectable()
export class ManifestStates {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns the state, which is known to nobody else */
  async issue(manager: EntityManager, binding: Binding): Promise<string> {
    await manager.delete(ManifestFlowEntity, { expiresAt: LessThan(new Date(Date.now() - KEPT_MS)) });
    const state = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    await manager.insert(ManifestFlowEntity, { ...binding, stateHash: hash(state), expiresAt });
    return state;
  }

  /** Marks the state as used, in one statement: of two callbacks with the same state one gets it. @throws ManifestStateError */
  async claim(state: string, claimant: Claimant): Promise<ManifestFlowEntity> {
    const flows = this.dataSource.getRepository(ManifestFlowEntity);
    const stateHash = hash(state);
    const open = { ...claimant, stateHash, usedAt: IsNull(), expiresAt: MoreThan(new Date()) };
    const claimed = await flows.update(open, { usedAt: new Date() });
    const flow = await flows.findOneBy({ stateHash, organizationId: claimant.organizationId });
    if (!flow) throw new ManifestStateError('unknown');
    if (claimed.affected === 1) return flow;
    if (flow.subject !== claimant.subject) throw new ManifestStateError('foreign-subject');
    throw new ManifestStateError(flow.usedAt ? 'used' : 'expired');
  }

  /** Gives the state back where nothing came of the exchange, so that the same callback can be tried again. */
  async release({ stateHash }: ManifestFlowEntity): Promise<void> {
    await this.dataSource.getRepository(ManifestFlowEntity).update({ stateHash }, { usedAt: null });
  }
}

function hash(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}
