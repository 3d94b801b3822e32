import type { ConnectionEntity } from '@reunite/connections';
import { mirrorPullRequest } from '@reunite/pull-requests';
import type { DescribedPullRequest, Mirrored } from '@reunite/pull-requests';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { PullRequestEffects } from './pull-request-effects.js';

/** Takes the server's answers about pull requests into the mirror, with what follows from them. */
export class PullRequestMirror {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pullRequests: PullRequestEffects,
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
    return this.unitOfWork.run({ connectionId: connection.id }, async (work) => {
      const { db } = work;
      const became = await mirrorPullRequest(db, described, telling);
      if (became === 'changed' || (became === 'known' && anew)) await this.pullRequests.follow(work, described);
      if (became === 'changed') await this.pullRequests.announce(db, connection.organizationId, described);
      return became;
    });
  }
}
