import { createHash, randomBytes } from 'node:crypto';
import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { DataSource, EntityManager, EntityTarget } from 'typeorm';
import type { FlowEntity } from './flow.entity.js';

export const FLOW_LIFETIME_MS = 3_600_000;
/** Used and expired states are deleted after this time in ms, so that a late callback gets a specific error. */
const RETENTION_MS = 7 * 24 * FLOW_LIFETIME_MS;

export type InvalidStateReason = 'unknown' | 'expired' | 'used' | 'foreign-subject';

type IssuedColumns = 'stateHash' | 'expiresAt' | 'usedAt';
type Claim = Pick<FlowEntity, 'organizationId' | 'subject'>;

/** States of one kind of flow: random, valid once and for an hour. Only their hash is stored. */
export abstract class FlowStates<Flow extends FlowEntity> {
  /** @param toError creates the error for an invalid state; a state of another organization is `unknown` (P8) */
  protected constructor(
    private readonly dataSource: DataSource,
    private readonly flows: EntityTarget<Flow>,
    private readonly toError: (reason: InvalidStateReason) => Error,
  ) {}

  /** @returns the state, which is not stored anywhere */
  async issue(manager: EntityManager, binding: Omit<Flow, IssuedColumns>): Promise<string> {
    const flows = manager.getRepository<FlowEntity>(this.flows);
    await flows.delete({ expiresAt: LessThan(new Date(Date.now() - RETENTION_MS)) });
    const state = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + FLOW_LIFETIME_MS);
    await flows.insert({ ...binding, stateHash: hash(state), expiresAt });
    return state;
  }

  /** Marks the state as used in one statement, so that only one of two concurrent callbacks succeeds. */
  async claim(state: string, { organizationId, subject }: Claim): Promise<Flow> {
    const flows = this.repository();
    const stateHash = hash(state);
    const open = { organizationId, subject, stateHash, usedAt: IsNull(), expiresAt: MoreThan(new Date()) };
    const { affected } = await flows.update(open, { usedAt: new Date() });
    const flow = await flows.findOneBy({ stateHash, organizationId });
    if (!flow) throw this.toError('unknown');
    if (affected === 1) return flow as Flow;
    if (flow.subject !== subject) throw this.toError('foreign-subject');
    throw this.toError(flow.usedAt ? 'used' : 'expired');
  }

  /** Makes the state valid again after an exchange that failed before the server answered. */
  async release({ stateHash }: FlowEntity): Promise<void> {
    await this.repository().update({ stateHash }, { usedAt: null });
  }

  private repository() {
    return this.dataSource.getRepository<FlowEntity>(this.flows);
  }
}

function hash(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}
