import type { EntityManager } from 'typeorm';
import type { AuditLog } from './audit-log.js';

/** The audit record of one call while it runs. The server writes it at the end, unless the effect's transaction did. */
export class CallRecord {
  /** Set by the operation as soon as it is known for sure. */
  organizationId = '';
  connectionId: string | null = null;
  /** What was asked for: ids, permissions, the person; never a secret. */
  scope: Record<string, unknown> = {};
  /**
   * Whether the record must be on disk before the caller is answered. Not where it gets a token again that was minted
   * before: the minting is on disk, and the disk would take longer than all the rest.
   */
  durable = true;
  #written = false;

  constructor(
    private readonly audit: AuditLog,
    private readonly caller: string,
    private readonly method: string,
  ) {}

  /** Records the success in the transaction of the effect: the one is never there without the other. */
  async commitWith(manager: EntityManager): Promise<void> {
    await this.audit.append(manager, this.#entry('ok'));
    this.#written = true;
  }

  async succeed(): Promise<void> {
    if (!this.#written) await this.audit.write(this.#entry('ok'), this.durable);
  }

  /** @param code of the error that the caller gets */
  async fail(code: string): Promise<void> {
    await this.audit.write(this.#entry(code));
  }

  #entry(outcome: string) {
    const { organizationId, caller, method, connectionId, scope } = this;
    return { organizationId, caller, method, connectionId, scope, outcome };
  }
}
