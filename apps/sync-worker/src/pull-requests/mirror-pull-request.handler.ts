import type { jobs, PayloadOf } from '@reunite/contracts';
import { getPullRequest } from '@reunite/ghes-client';
import { describePullRequest } from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import type { GhesAccess } from '../connections/ghes-access.js';

/** Re-fetches a pull request whose `updated_at` ties with the mirrored one. Idempotent. */
export class MirrorPullRequestHandler implements JobHandler<typeof jobs.mirrorPullRequest> {
  constructor(
    private readonly ghes: GhesAccess,
    private readonly tracker: PullRequestTracker,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.mirrorPullRequest>): Promise<null> {
    const { client, connection, repository, name } = await this.ghes.repository(repositoryId);
    await this.tracker.trackFetched(connection, async () =>
      describePullRequest(repository, await getPullRequest(client({ pull_requests: 'read' }), { ...name, number })),
    );
    return null;
  }
}
