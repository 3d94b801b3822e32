import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, listRefs } from '@reunite/repositories';
import type { GhesAccess } from '../connections/ghes-access.js';

/** Lists the branches that the server has. Safe to run twice: it only reads. */
export class ListBranchesHandler implements JobHandler<typeof jobs.listBranches> {
  constructor(private readonly ghes: GhesAccess) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.listBranches>): Promise<ResultOf<typeof jobs.listBranches>> {
    const { git } = await this.ghes.repository(repositoryId);
    const refs = await listRefs(git, branchRef(''));
    const branches = refs.flatMap(({ name, id }) => {
      const branch = branchOfRef(name);
      return branch !== null && id !== null ? [{ name: branch, commit: id }] : [];
    });
    return { branches };
  }
}
