import type { Project } from '@reunite/contracts';
import type { ProjectEntity } from '@reunite/deployments';
import type { GitRefEntity, RepositoryEntity } from '@reunite/repositories';

/** Parts of a project from other rows. */
export interface ProjectParts {
  readonly repository: RepositoryEntity;
  /** The production branch; null before its first sync state exists. */
  readonly ref: GitRefEntity | null;
  readonly productionUrl: string | null;
}

export function projectView(project: ProjectEntity, { repository, ref, productionUrl }: ProjectParts): Project {
  const { id, name, repositoryId, productionBranch, rootFolder, branchPreviews } = project;
  const { pullRequestPreviews, forkPreviews, productionCommits, createdAt } = project;
  return {
    id,
    name,
    connectionId: repository.connectionId,
    repositoryId,
    repository: `${repository.owner}/${repository.name}`,
    productionBranch,
    rootFolder,
    branchPreviews,
    pullRequestPreviews,
    forkPreviews,
    productionCommits,
    productionUrl,
    sync: syncView(ref, productionBranch),
    createdAt: createdAt.toISOString(),
  };
}

function syncView(ref: GitRefEntity | null, branch: string): Project['sync'] {
  if (!ref) return { state: 'waiting', commit: null, error: null, syncedAt: null };
  const isBehind = ref.syncedGeneration < ref.generation;
  const error = ref.error ?? (!isBehind && ref.syncedCommit === null ? `The server has no branch "${branch}".` : null);
  const state = error !== null ? 'failed' : isBehind ? 'waiting' : 'synced';
  return { state, commit: ref.syncedCommit, error, syncedAt: ref.syncedAt?.toISOString() ?? null };
}
