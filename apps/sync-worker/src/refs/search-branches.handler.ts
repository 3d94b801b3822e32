import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { countCommitsBetween, GhesError } from '@reunite/ghes-client';
import type { GhesClient } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, listRefs } from '@reunite/repositories';
import { LRUCache } from 'lru-cache';
import type { GhesAccess } from '../connections/ghes-access.js';

type Result = ResultOf<typeof jobs.searchBranches>;
type Distance = Pick<Result['branches'][number], 'ahead' | 'behind'>;

const UNKNOWN: Distance = { ahead: null, behind: null };
const MAX_DISTANCES = 10_000;

/**
 * Lists a page of the branches that the server has, by name, and compares their heads with the base branch. Safe to run
 * twice: it only reads.
 */
export class SearchBranchesHandler implements JobHandler<typeof jobs.searchBranches> {
  /** By repository and the two commits, between which the distance never changes. */
  private readonly distances = new LRUCache<string, Distance>({ max: MAX_DISTANCES });

  constructor(private readonly ghes: GhesAccess) {}

  async handle({ repositoryId, search, after, limit, base }: PayloadOf<typeof jobs.searchBranches>): Promise<Result> {
    const { git, client, name } = await this.ghes.repository(repositoryId);
    const refs = await listRefs(git, branchRef(''));
    const branches = refs.flatMap(({ name: ref, id }) => {
      const branch = branchOfRef(ref);
      return branch !== null && id !== null ? [{ name: branch, commit: id }] : [];
    });
    const baseCommit = branches.find(({ name }) => name === base)?.commit;
    const matching = branches
      .filter(({ name }) => name > after && name.toLowerCase().includes(search.toLowerCase()))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const reader = client({ contents: 'read' });
    const distanceOf = (head: string) =>
      baseCommit === undefined ? UNKNOWN : this.distance(reader, { ...name, base: baseCommit, head }, repositoryId);
    const page = await Promise.all(
      matching.slice(0, limit).map(async (branch) => ({ ...branch, ...(await distanceOf(branch.commit)) })),
    );
    return { branches: page, hasMore: matching.length > limit };
  }

  /** Unknown if the server does not compare the two: unrelated histories, a rate limit, a branch that moved meanwhile. */
  private async distance(
    client: GhesClient,
    sides: Parameters<typeof countCommitsBetween>[1],
    repositoryId: string,
  ): Promise<Distance> {
    if (sides.base === sides.head) return { ahead: 0, behind: 0 };
    const key = `${repositoryId} ${sides.base} ${sides.head}`;
    const cached = this.distances.get(key);
    if (cached !== undefined) return cached;
    try {
      const distance = await countCommitsBetween(client, sides);
      this.distances.set(key, distance);
      return distance;
    } catch (error) {
      if (error instanceof GhesError) return UNKNOWN;
      throw error;
    }
  }
}
