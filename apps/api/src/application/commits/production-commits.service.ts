import { Injectable } from '@nestjs/common';
import { ForbiddenError, includesRole } from '@reunite/contracts';
import { ProjectEntity } from '@reunite/deployments';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';

/** Protects production branches: a commit to one publishes at once, so it needs more than the role `write`. */
@Injectable()
export class ProductionCommits {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Checks the settings of all projects whose production branch this is; several may share a repository.
   *
   * @throws ForbiddenError with a message that names the alternative
   */
  async assertAllowed(caller: Caller, repositoryId: string, branch: string): Promise<void> {
    const where = { repositoryId, productionBranch: branch };
    for (const { name, productionCommits } of await this.dataSource.manager.findBy(ProjectEntity, where)) {
      if (productionCommits === 'pull-request') {
        throw new ForbiddenError(
          `"${branch}" is the production branch of ${name}, which changes by pull request only. Commit to another branch and open a pull request.`,
        );
      }
      if (!includesRole(caller.roles, productionCommits)) {
        throw new ForbiddenError(
          `"${branch}" is the production branch of ${name}: a commit to it needs the role "${productionCommits}". Commit to another branch and open a pull request.`,
        );
      }
    }
  }
}
