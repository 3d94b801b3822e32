import type { jobs, PayloadOf } from '@reunite/contracts';
import { getPullRequest } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { describePullRequest } from './pull-request-effects.js';
import type { GhesConnections } from '../connections/ghes-connections.js';
import type { PullRequestMirror } from './pull-request-mirror.js';

/** Asks the server where a delivery left it open what is so. Running twice is asking twice. */
export class MirrorPullRequestHandler implements JobHandler<typeof jobs.mirrorPullRequest> {
  constructor(
    private readonly ghes: GhesConnections,
    private readonly mirror: PullRequestMirror,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.mirrorPullRequest>): Promise<null> {
    const { client, connection, repository } = await this.ghes.repository(repositoryId);
    const { owner, name: repo, githubId } = repository;
    const pull = await getPullRequest(client({ pull_requests: 'read' }), { owner, repo, number });
    await this.mirror.record(connection, describePullRequest(repositoryId, githubId, pull));
    return null;
  }
}
