import { createHash, randomBytes } from 'node:crypto';
import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { DataSource, EntityManager, EntityTarget } from 'typeorm';
import type { FlowEntity } from './flow.entity.js';

export const FLOW_LIFETIME_MS = 3_600_000;
/** Used and expired states are kept for a while, so that a late callback is told what is wrong with it. */
const KEPT_MS = 7 * 24 * FLOW_LIFETIME_MS;

export type InvalidStateReason = 'unknown' | 'expired' | 'used' | 'foreign-subject';

type Issued = 'stateHash' | 'expiresAt' | 'usedAt';
type Claimant = Pick<FlowEntity, 'organizationId' | 'subject'>;

/** The states of one kind of flow: random, used once, good for an hour, and only their hash is stored. */
export abstract class FlowStates<Flow extends FlowEntity> {
  /** @param refuse the error for a state that allows nothing; another organization's state is `unknown` (P8) */
  protected constructor(
    private readonly dataSource: DataSource,
    private readonly flows: EntityTarget<Flow>,
    private readonly refuse: (fault: InvalidStateReason) => Error,
  ) {}

  /** @returns the state, which is known to nobody else */
  async issue(manager: EntityManager, binding: Omit<Flow, Issued>): Promise<string> {
    const flows = manager.getRepository<FlowEntity>(this.flows);
    await flows.delete({ expiresAt: LessThan(new Date(Date.now() - KEPT_MS)) });
    const state = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + FLOW_LIFETIME_MS);
    await flows.insert({ ...binding, stateHash: hash(state), expiresAt });
    return state;
  }

  /** Marks the state as used, in one statement: of two callbacks with the same state one gets it. */
  async claim(state: string, claimant: Claimant): Promise<Flow> {
    const flows = this.rows();
    const stateHash = hash(state);
    const open = { ...claimant, stateHash, usedAt: IsNull(), expiresAt: MoreThan(new Date()) };
    const claimed = await flows.update(open, { usedAt: new Date() });
    const flow = await flows.findOneBy({ stateHash, organizationId: claimant.organizationId });
    if (!flow) throw this.refuse('unknown');
    if (claimed.affected === 1) return flow as Flow;
    if (flow.subject !== claimant.subject) throw this.refuse('foreign-subject');
    throw this.refuse(flow.usedAt ? 'used' : 'expired');
  }

  /** Gives the state back where nothing came of the exchange, so that the same callback can be tried again. */
  async release({ stateHash }: FlowEntity): Promise<void> {
    await this.rows().update({ stateHash }, { usedAt: null });
  }

  private rows() {
    return this.dataSource.getRepository<FlowEntity>(this.flows);
  }
}

function hash(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}
