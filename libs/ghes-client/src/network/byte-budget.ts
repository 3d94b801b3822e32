import { LRUCache } from 'lru-cache';

/**
 * Bytes that may be in use at the same time, for one owner within a larger whole: a connection within its organization.
 */
export class ByteBudget {
  private used = 0;

  /** @param parent also has to have the bytes free */
  constructor(
    private readonly maxBytes: number,
    private readonly parent?: ByteBudget,
  ) {}

  /** Takes `bytes` if both this budget and its parent have them free, otherwise nothing. */
  tryTake(bytes: number): boolean {
    if (this.used + bytes > this.maxBytes) return false;
    if (this.parent && !this.parent.tryTake(bytes)) return false;
    this.used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.used -= bytes;
    this.parent?.release(bytes);
  }
}

const MIB = 1024 * 1024;

/** API responses that are being read by the whole process, unless {@link ResponseBudgets} are given. */
export const PROCESS_BYTES = new ByteBudget(256 * MIB);

/** Git responses that are being read by the whole process, unless {@link ResponseBudgets} are given. */
export const PROCESS_PACK_BYTES = new ByteBudget(2048 * MIB);

/** The budgets that the networks of one organization share. */
export interface OrganizationBudgets {
  readonly bytes: ByteBudget;
  readonly packBytes: ByteBudget;
}

/** Sizes in bytes of the responses that are being read at the same time. */
export interface ResponseBudgetLimits {
  readonly processBytes: number;
  readonly organizationBytes: number;
  /** Of git responses. Default: {@link PROCESS_PACK_BYTES} for organizations together. */
  readonly processPackBytes?: number;
  readonly organizationPackBytes?: number;
}

/** Organizations whose budgets are remembered. A forgotten one gets a new budget while requests may use the old one. */
const MAX_ORGANIZATIONS = 10_000;

/** Divides the memory of one process between organizations, so that the servers of one cannot use all of it. */
export class ResponseBudgets {
  private readonly bytes: ByteBudget;
  private readonly packBytes: ByteBudget;
  private readonly organizations = new LRUCache<string, OrganizationBudgets>({ max: MAX_ORGANIZATIONS });

  constructor(private readonly limits: ResponseBudgetLimits) {
    const { processBytes, processPackBytes } = limits;
    this.bytes = new ByteBudget(processBytes);
    this.packBytes = processPackBytes === undefined ? PROCESS_PACK_BYTES : new ByteBudget(processPackBytes);
  }

  of(organizationId: string): OrganizationBudgets {
    const existing = this.organizations.get(organizationId);
    if (existing) return existing;
    const { organizationBytes, organizationPackBytes = Infinity } = this.limits;
    const budgets = {
      bytes: new ByteBudget(organizationBytes, this.bytes),
      packBytes: new ByteBudget(organizationPackBytes, this.packBytes),
    };
    this.organizations.set(organizationId, budgets);
    return budgets;
  }
}
