import type { ConnectionEntity } from '@reunite/connections';
import { mirrorPullRequest } from '@reunite/pull-requests';
import type { DescribedPullRequest, Mirrored } from '@reunite/pull-requests';
import type { DataSource } from 'typeorm';
import type { PullRequestEffects } from './pull-request-effects.js';
import { holdConnection } from '../connections/held-connection.js';
import { noEffects } from '../maintenance/queued-effects.js';
import type { QueuedEffects } from '../maintenance/queued-effects.js';

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
   * @param telling `answered` for what was asked of this one just now, `delivered` for what may be late
   * @param anew also follows what nothing is new of: a project that was connected since may want a preview of it
   * @returns `unclear` where the server is to be asked
   */
  async record(
    connection: ConnectionEntity,
    described: DescribedPullRequest,
    telling: 'answered' | 'delivered' = 'answered',
    anew = false,
  ): Promise<Mirrored> {
    const effects = noEffects();
    const mirrored = await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { connectionId: connection.id });
      const became = await mirrorPullRequest(db, described, telling);
      if (became === 'changed' || (became === 'known' && anew)) await this.pullRequests.follow(db, described, effects);
      if (became === 'changed') await this.pullRequests.announce(db, connection.organizationId, described);
      return became;
    });
    await this.effects.enqueue(effects);
    return mirrored;
  }
}
