import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, listRefs } from '@reunite/repositories';
import type { GhesConnections } from '../connections/ghes-connections.js';

/** Asks the server, changes nothing: safe to run twice. */
export class ListBranchesHandler implements JobHandler<typeof jobs.listBranches> {
  constructor(private readonly ghes: GhesConnections) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.listBranches>): Promise<ResultOf<typeof jobs.listBranches>> {
    const { uploadPack } = await this.ghes.repository(repositoryId);
    const refs = await listRefs(uploadPack, branchRef(''));
    const branches = refs.flatMap(({ name, id }) => {
      const branch = branchOfRef(name);
      return branch !== null && id !== null ? [{ name: branch, commit: id }] : [];
    });
    return { branches };
  }
}
