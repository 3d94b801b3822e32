import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import type { AuditEntry } from './audit-chain.js';
import type { AuditLog } from './audit-log.js';

/** Methods that return no credential and change nothing. Their repetitions by one user share an audit record. */
const READS: ReadonlySet<string> = new Set([
  ...['getApp', 'getUserAccount', 'listInstallations', 'listAuditRecords', 'getTokenUsage'],
]);

/** The audit record of a running call. The server writes it at the end, unless the operation's transaction did. */
export class CallRecord {
  /** Set once the caller is authorized and the organization is certain. */
  organizationId = '';
  connectionId: string | null = null;
  /** `sub` of the user who caused the call; empty for the service's own work. Part of the stored scope. */
  subject = '';
  /** Arguments of the call: ids and permissions, never a secret. */
  scope: Readonly<Record<string, unknown>> = {};
  private isWritten = false;

  /**
   * @param caller the calling service by its certificate
   * @param signal aborts when the caller cancels the call or its deadline passes
   */
  constructor(
    private readonly audit: AuditLog,
    readonly caller: string,
    private readonly method: string,
    readonly signal: AbortSignal = new AbortController().signal,
  ) {}

  /** Records the success in the operation's transaction, so that neither is committed without the other. */
  async commitWith(manager: EntityManager): Promise<void> {
    await this.audit.append(manager, this.entry('ok'));
    this.isWritten = true;
  }

  /**
   * Records the success of a call that changes nothing, if the connection is still the one that the answer was made
   * for. The record need not be on disk before the answer is sent, because the record of the minting is.
   *
   * @returns true if the answer may be sent
   */
  async succeedIfUnchanged(unchanged: ConnectedConnection): Promise<boolean> {
    this.isWritten = await this.audit.writeIfUnchanged(unchanged, this.entry('ok'));
    return this.isWritten;
  }

  /** Records the success unless it is recorded already. */
  async succeed(): Promise<void> {
    if (this.isWritten) return;
    const isRead = READS.has(this.method) && this.subject !== '';
    await (isRead ? this.audit.writeRead(this.entry('ok')) : this.audit.write(this.entry('ok')));
  }

  /** @param code error code that the caller receives */
  async fail(code: string): Promise<void> {
    await this.audit.write(this.entry(code));
  }

  private entry(outcome: string): AuditEntry {
    const { organizationId, caller, method, connectionId, subject } = this;
    const scope = subject === '' ? this.scope : { ...this.scope, subject };
    return { organizationId, caller, method, connectionId, scope, outcome };
  }
}
