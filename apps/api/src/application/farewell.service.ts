import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { jobs } from '@reunite/contracts';
import { endPendingStatuses } from '@reunite/deployments';
import type { CommitStatusKey, ProjectEntity } from '@reunite/deployments';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { JobRequests } from './job-requests.service.js';

/** A server that is away must not keep anybody from deleting its connection. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 100;

/** What is said to a server before it is left: nobody can say anything there afterwards. */
@Injectable()
export class FarewellService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: JobRequests,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Ends what is pending on a connection's commits and waits a little until it is sent. Never fails. */
  async say(connectionId: string): Promise<void> {
    try {
      const ended = await this.end(connectionId);
      await this.requests.followAll(jobs.sendCommitStatuses, ended);
      for (let waited = 0; waited < PATIENCE_MS && (await this.isUnsent(connectionId)); waited += LOOK_MS) {
        await setTimeout(LOOK_MS);
      }
    } catch (error) {
      this.logger.warn({ err: error, connectionId }, 'some statuses stay pending on a server that is left');
    }
  }

  private end(connectionId: string): Promise<CommitStatusKey[]> {
    return this.dataSource.transaction(async (db) => {
      // Whoever holds a project for long is not waited for either.
      await db.query(`SELECT set_config('lock_timeout', $1, true)`, [`${PATIENCE_MS}ms`]);
      const projects = await db.query<Pick<ProjectEntity, 'repositoryId' | 'name'>[]>(
        `SELECT repository_id AS "repositoryId", project.name FROM project
         JOIN repository ON repository.id = repository_id
         WHERE connection_id = $1 ORDER BY project.id FOR UPDATE OF project`,
        [connectionId],
      );
      const ended: CommitStatusKey[] = [];
      for (const project of projects)
        ended.push(...(await endPendingStatuses(db, project, 'The provider was deleted')));
      return ended;
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
