import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { finalizeConnectionStatuses, hasUnsentStatuses } from '@reunite/deployments';
import { UnitOfWork } from '@reunite/unit-of-work';
import { DataSource } from 'typeorm';
import { LOGGER } from '../../logger.js';
import type { Logger } from '../../logger.js';

/** An unreachable server must not delay the deletion of its connection for longer. */
const WAIT_MS = 3_000;
const POLL_MS = 100;

/** Finalizes the pending statuses of a connection before its deletion; afterwards there are no credentials for it. */
@Injectable()
export class ConnectionStatuses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Finalizes pending statuses and waits up to 3 s until they are sent. Never rejects. */
  async finalizePendingStatuses(connectionId: string): Promise<void> {
    try {
      await this.finalize(connectionId);
      for (
        let waited = 0;
        waited < WAIT_MS && (await hasUnsentStatuses(this.dataSource, connectionId));
        waited += POLL_MS
      ) {
        await setTimeout(POLL_MS);
      }
    } catch (error) {
      this.logger.warn({ err: error, connectionId }, 'statuses stay pending on the server of a deleted connection');
    }
  }

  private finalize(connectionId: string): Promise<void> {
    // A long transaction that locks a project must not delay the deletion either.
    const options = { reason: 'The provider was deleted', lockTimeoutMs: WAIT_MS };
    return this.unitOfWork.run({ connectionId }, (work) => finalizeConnectionStatuses(work, connectionId, options));
  }
}
