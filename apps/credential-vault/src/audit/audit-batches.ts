import type { AuditEntry } from './audit-chain.js';
import type { ConnectedConnection } from '../connections/connections.js';

/** An entry to append, and on what terms. */
export interface Appendix {
  readonly entry: AuditEntry;
  /** Whether its commit has to be on disk. */
  readonly durable: boolean;
  /** It is appended only while the connection is what it was when it was read. */
  readonly unchanged?: ConnectedConnection;
}

interface Waiting extends Appendix {
  readonly resolve: (appended: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_SIZE = 500;

/**
 * Group commit: one batch of an organization is on its way at a time, and whoever comes meanwhile goes with the next.
 * So the order of the chain is that of arrival, and throughput does not depend on the time of one commit.
 */
export class AuditBatches {
  private readonly queues = new Map<string, Waiting[]>();

  constructor(
    /** @returns those that were appended: all but the ones whose connection has changed */
    private readonly append: (organizationId: string, batch: readonly Appendix[]) => Promise<readonly Appendix[]>,
  ) {}

  /** @returns once it is committed, whether it was appended. @throws whatever appending its batch threw */
  add(appendix: Appendix): Promise<boolean> {
    const { organizationId } = appendix.entry;
    return new Promise((resolve, reject) => {
      const waiting = { ...appendix, resolve, reject };
      const queue = this.queues.get(organizationId);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.queues.set(organizationId, [waiting]);
      void this.drain(organizationId);
    });
  }

  private async drain(organizationId: string): Promise<void> {
    const queue = this.queues.get(organizationId) ?? [];
    while (queue.length > 0) {
      await this.commit(organizationId, queue.splice(0, BATCH_SIZE));
    }
    this.queues.delete(organizationId);
  }

  private async commit(organizationId: string, batch: readonly Waiting[]): Promise<void> {
    try {
      const appended = new Set(await this.append(organizationId, batch));
      for (const waiting of batch) waiting.resolve(appended.has(waiting));
    } catch (error) {
      if (batch.length === 1 || !isAboutData(error)) for (const { reject } of batch) reject(error);
      // One entry that the database does not take must not take the others with it.
      else for (const waiting of batch) await this.commit(organizationId, [waiting]);
    }
  }
}

/** SQLSTATE classes 22 and 23: what was sent cannot be stored. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isAboutData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}
