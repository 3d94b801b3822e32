import type { NeededPermissions } from '@reunite/contracts';
import type { DataSource } from 'typeorm';
import { explainDenial } from '../connections/actor-access.js';
import type { ActorAccess } from '../connections/actor-access.js';
import type { GhesAccess } from '../connections/ghes-access.js';
import { assertGranted, grantedPermissions, grantedSubset } from '../connections/granted-permissions.js';
import { failAsUnknown, isBeforeDeadline } from './interactive-request.js';
import type { InteractiveRequest } from './interactive-request.js';

/** Runs interactive writes on the server: as the actor if they signed in there, otherwise as the app. */
export class InteractiveWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
  ) {}

  /**
   * Runs a write, or after its deadline only the recovery of an earlier run's result.
   *
   * @param recover finds what an earlier run wrote, without writing. Default: fails with OutcomeUnknownError
   * @throws ForbiddenError naming the permission that the app lacks, before any request if that is known
   * @throws TooLateError after the deadline, or OutcomeUnknownError if an earlier run may have written
   */
  async run<Answer>(
    request: InteractiveRequest,
    needed: NeededPermissions,
    write: (access: ActorAccess) => Promise<Answer>,
    recover: (access: ActorAccess) => Promise<Answer> = failAsUnknown,
  ): Promise<Answer> {
    const { repositoryId, actor, optional = {} } = request;
    const task = isBeforeDeadline(request) ? write : recover;
    const { repository } = await this.ghes.repository(repositoryId);
    // Also for user tokens: they cannot do more than the app that they were issued for.
    const granted = await grantedPermissions(this.dataSource, repository);
    assertGranted(granted, needed, repository);
    const usable = granted === null ? {} : grantedSubset(granted, optional);
    const access = await this.ghes.actingFor(repositoryId, actor, { ...needed, ...usable });
    try {
      return await task(access);
    } catch (error) {
      throw explainDenial(error, access);
    }
  }
}
