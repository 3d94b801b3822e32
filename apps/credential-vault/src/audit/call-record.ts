import type { EntityManager } from 'typeorm';
import type { AuditLog } from './audit-log.js';
import type { ConnectedConnection } from '../connections/connections.js';

/** The audit record of one call while it runs. The server writes it at the end, unless the effect's transaction did. */
export class CallRecord {
  /** Set by the operation as soon as it is known for sure. */
  organizationId = '';
  connectionId: string | null = null;
  /** `sub` of the caller who caused the call; empty for the service's own work. Part of the stored scope. */
  subject = '';
  /** The arguments of the call: ids and permissions, never a secret. */
  scope: Record<string, unknown> = {};
  private written = false;

  constructor(
    private readonly audit: AuditLog,
    private readonly caller: string,
    private readonly method: string,
  ) {}

  /** Records the success in the transaction of the effect: the one is never there without the other. */
  async commitWith(manager: EntityManager): Promise<void> {
    await this.audit.append(manager, this.entry('ok'));
    this.written = true;
  }

  /**
   * Records the success of a call that changes nothing and has its answer at hand, if the connection is still the one
   * that the answer was made for. The record need not be on disk before the caller is answered: what made the answer is.
   *
   * @returns whether the answer may be given
   */
  async succeedWhile(unchanged: ConnectedConnection): Promise<boolean> {
    this.written = await this.audit.writeWhile(unchanged, this.entry('ok'));
    return this.written;
  }

  async succeed(): Promise<void> {
    if (!this.written) await this.audit.write(this.entry('ok'));
  }

  /** @param code of the error that the caller gets */
  async fail(code: string): Promise<void> {
    await this.audit.write(this.entry(code));
  }

  private entry(outcome: string) {
    const { organizationId, caller, method, connectionId, subject } = this;
    const scope = subject === '' ? this.scope : { ...this.scope, subject };
    return { organizationId, caller, method, connectionId, scope, outcome };
  }
}
