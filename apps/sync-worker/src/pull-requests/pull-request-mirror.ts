import type { ConnectionEntity } from '@reunite/connections';
import { mirrorPullRequest } from '@reunite/repositories';
import type { DescribedPullRequest } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { PullRequestEffects } from '../deliveries/pull-request-effects.js';
import { holdConnection } from '../held-connection.js';
import { noEffects } from '../queued-effects.js';
import type { QueuedEffects } from '../queued-effects.js';

/** Takes the server's answers about pull requests into the mirror, with what follows from them. */
export class PullRequestMirror {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pullRequests: PullRequestEffects,
    private readonly effects: QueuedEffects,
  ) {}

  /**
   * Safe to run twice: what is held already is not announced again.
   *
   * @param anew also follows what nothing is new of: a project that was connected since may want a preview of it
   */
  async record(connection: ConnectionEntity, described: DescribedPullRequest, anew = false): Promise<void> {
    const effects = noEffects();
    await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { connectionId: connection.id });
      const mirrored = await mirrorPullRequest(db, described, 'answered');
      if (mirrored === 'older' || (mirrored === 'known' && !anew)) return;
      await this.pullRequests.follow(db, described, effects);
      if (mirrored === 'changed') await this.pullRequests.announce(db, connection.organizationId, described);
    });
    await this.effects.enqueue(effects);
  }
}
