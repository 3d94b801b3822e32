import type { AuditEntry } from './audit-chain.js';

interface Waiting {
  readonly entry: AuditEntry;
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_SIZE = 500;

/**
 * Group commit: one batch of an organization is on its way at a time, and whoever comes meanwhile goes with the next.
 * So the order of the chain is that of arrival, and throughput does not depend on the time of one commit.
 */
export class AuditBatches {
  readonly #queues = new Map<string, Waiting[]>();

  constructor(
    private readonly append: (
      organizationId: string,
      entries: readonly AuditEntry[],
      durable: boolean,
    ) => Promise<void>,
  ) {}

  /** Resolves when the entry is committed. @throws whatever appending its batch threw */
  add(entry: AuditEntry, durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = { entry, durable, resolve, reject };
      const queue = this.#queues.get(entry.organizationId);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.#queues.set(entry.organizationId, [waiting]);
      void this.#drain(entry.organizationId);
    });
  }

  async #drain(organizationId: string): Promise<void> {
    const queue = this.#queues.get(organizationId) ?? [];
    while (queue.length > 0) {
      const batch = queue.splice(0, BATCH_SIZE);
      try {
        await this.append(
          organizationId,
          batch.map(({ entry }) => entry),
          batch.some(({ durable }) => durable),
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#queues.delete(organizationId);
  }
}
