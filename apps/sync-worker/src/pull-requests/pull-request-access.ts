import type { PullRequestDetail, RepositoryName } from '@reunite/ghes-client';
import type { DataSource } from 'typeorm';
import { describePullRequest } from './pull-request-effects.js';
import { isInTime, refuseUnknown } from '../interactive/for-person.js';
import type { AskedByPerson } from '../interactive/for-person.js';
import { refusalOf } from '../connections/acting.js';
import type { ActingAccess } from '../connections/acting.js';
import type { GhesConnections } from '../connections/ghes-connections.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';
import type { NeededPermissions } from '@reunite/contracts';
import type { PullRequestMirror } from './pull-request-mirror.js';
import { withRequester } from '@reunite/pull-requests';

/** A repository whose pull requests are changed for a person. */
export interface PullRequestAccess extends Pick<ActingAccess, 'client' | 'as'> {
  readonly name: RepositoryName;
  /** Takes the server's answer into the mirror, so that what it tells of later is known. */
  readonly record: (pull: PullRequestDetail) => Promise<void>;
  /** The person's own text where they act themselves; with their name where the app acts. */
  readonly signed: (text: string) => string;
}

/** Reaches repositories to change their pull requests, as the person where they signed in at the server. */
export class PullRequestWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly mirror: PullRequestMirror,
  ) {}

  /**
   * @param lookBack finds what a run before did, once nobody waits any more and nothing is done
   * @throws ForbiddenError that names the permission which the app lacks, before anything is sent where that is known
   * @throws TooLateError, or OutcomeUnknownError where a run before may have written
   */
  async act<Answer>(
    asked: AskedByPerson,
    needed: NeededPermissions,
    work: (access: PullRequestAccess) => Promise<Answer>,
    lookBack: (access: PullRequestAccess) => Promise<Answer> = refuseUnknown,
  ): Promise<Answer> {
    const { repositoryId, actor } = asked;
    const task = isInTime(asked) ? work : lookBack;
    const { repository } = await this.ghes.repository(repositoryId);
    // A person's token may do no more than the app whose token it is.
    assertGranted(await grantedPermissions(this.dataSource, repository), needed, repository);
    const access = await this.ghes.actingFor(repositoryId, actor, { ...needed });
    const { connection, client, as } = access;
    const { owner, name: repo, githubId } = repository;
    try {
      return await task({
        ...{ client, as, name: { owner, repo } },
        record: async (pull) => {
          await this.mirror.record(connection, describePullRequest(repositoryId, githubId, pull));
        },
        signed: (text) => (as.kind === 'app' ? withRequester(text, actor.name) : text),
      });
    } catch (error) {
      throw refusalOf(error, access);
    }
  }
}
