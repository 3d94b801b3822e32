import type { ConnectionEntity } from '@reunite/connections';
import type { Project, RepositoryState } from '@reunite/contracts';
import type { ProjectEntity } from '@reunite/deployments';
import { repositoryState, stateText } from '@reunite/repositories';
import type { GitRefEntity, RepositoryEntity } from '@reunite/repositories';

/** Parts of a project from other rows. */
export interface ProjectParts {
  readonly repository: RepositoryEntity;
  readonly connection: Pick<ConnectionEntity, 'status' | 'statusReason'>;
  /** The production branch; null before its first sync state exists. */
  readonly ref: GitRefEntity | null;
  readonly productionUrl: string | null;
}

export function projectView(
  project: ProjectEntity,
  { repository, connection, ref, productionUrl }: ProjectParts,
): Project {
  const { id, name, repositoryId, productionBranch, rootFolder, branchPreviews } = project;
  const { pullRequestPreviews, forkPreviews, productionCommits, productionChecks, previewChecks } = project;
  const { pullRequestComments, createdAt } = project;
  const state = repositoryState({ repository, connection });
  return {
    id,
    version: project.settingsGeneration,
    name,
    connectionId: repository.connectionId,
    repositoryId,
    repository: `${repository.owner}/${repository.name}`,
    formerRepository: repository.formerName,
    repositoryState: state,
    productionBranch,
    rootFolder,
    branchPreviews,
    pullRequestPreviews,
    forkPreviews,
    productionCommits,
    productionChecks,
    previewChecks,
    pullRequestComments,
    productionUrl,
    sync: syncView(ref, productionBranch, problemOf(state, repository)),
    createdAt: createdAt.toISOString(),
  };
}

/** Why nothing is synced, whatever was synced before; null if the server was reached. */
function problemOf(state: RepositoryState, { reconcileError }: RepositoryEntity): string | null {
  return state.state === 'available' || state.state === 'archived' ? reconcileError : stateText(state);
}

function syncView(ref: GitRefEntity | null, branch: string, problem: string | null): Project['sync'] {
  if (!ref) {
    const state = problem === null ? 'waiting' : 'failed';
    const progress = { receivedObjects: null, receivedBytes: null };
    return { state, commit: null, error: problem, syncedAt: null, ...progress, transport: null, transportReason: null };
  }
  const isBehind = ref.syncedGeneration < ref.generation;
  const isMissing = !isBehind && ref.syncedCommit === null;
  const missing = `The server has no branch "${branch}". Choose another production branch in the settings of the project.`;
  const error = problem ?? ref.error ?? (isMissing ? missing : null);
  const state = error !== null ? 'failed' : isBehind ? 'waiting' : 'synced';
  return {
    state,
    commit: ref.syncedCommit,
    error,
    syncedAt: ref.syncedAt?.toISOString() ?? null,
    receivedObjects: ref.receivedObjects,
    receivedBytes: ref.receivedBytes,
    transport: ref.syncTransport,
    transportReason: ref.syncTransportReason,
  };
}
