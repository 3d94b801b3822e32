import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { finalizeConnectionStatuses } from '@reunite/deployments';
import { UnitOfWork } from '@reunite/unit-of-work';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';

/** A server that is away must not keep anybody from deleting its connection. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 100;

/** What is said to a server before it is left: nobody can say anything there afterwards. */
@Injectable()
export class FarewellService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Ends what is pending on a connection's commits and waits a little until it is sent. Never fails. */
  async say(connectionId: string): Promise<void> {
    try {
      await this.finalize(connectionId);
      for (let waited = 0; waited < PATIENCE_MS && (await this.isUnsent(connectionId)); waited += LOOK_MS) {
        await setTimeout(LOOK_MS);
      }
    } catch (error) {
      this.logger.warn({ err: error, connectionId }, 'some statuses stay pending on a server that is left');
    }
  }

  private finalize(connectionId: string): Promise<void> {
    return this.unitOfWork.run({ connectionId }, async (work) => {
      // A transaction that locks a project for long must not delay the deletion either.
      await work.db.query(`SELECT set_config('lock_timeout', $1, true)`, [`${PATIENCE_MS}ms`]);
      await finalizeConnectionStatuses(work, connectionId, 'The provider was deleted');
    });
  }

  private async isUnsent(connectionId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM commit_status JOIN repository ON repository.id = repository_id
       WHERE connection_id = $1 AND settled_at IS NULL LIMIT 1`,
      [connectionId],
    );
    return rows.length > 0;
  }
}
