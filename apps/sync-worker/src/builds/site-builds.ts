import { ConnectionEntity } from '@reunite/connections';
import type { ContentStore } from '@reunite/content-store';
import { appendLog, assertArtifactQuota } from '@reunite/deployments';
import type { StartedDeployment } from '@reunite/deployments';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { branchOfRef, fetchSnapshot, RepositoryEntity } from '@reunite/repositories';
import type { BuildLimits, RepositoryFolder } from '@reunite/site-builder';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';
import { userMessage } from '../interactive/user-message.js';
import type { ArtifactStore } from './artifact-store.js';
import { BuildEndedError } from './build-ended.error.js';
import { BuildLog } from './build-log.js';
import { ContentRemovedError } from './content-removed.error.js';
import { FolderMissingError } from './folder-missing.error.js';
import { IsolatedTaskError } from './isolated-task.error.js';
import type { ContentTasks } from './isolation/content-tasks.js';
import type { TaskRun } from './isolation/isolated-process.js';
import type { BuildTask, TaskResults } from './isolation/tasks.js';
import type { LfsFiles } from './lfs-files.js';
import type { PageCaches } from './page-caches.js';

export interface BuildSettings {
  readonly limits: BuildLimits;
  /** Quota of the sites of an organization. */
  readonly maxOrganizationBytes: number;
  /** Limit of the cache of rendered pages, per project. */
  readonly cacheBytes: number;
}

/** Builds a deployment's site in an isolated process, and stores its log. */
export class SiteBuilds {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tasks: ContentTasks,
    private readonly artifacts: ArtifactStore,
    private readonly caches: PageCaches,
    private readonly content: ContentStore,
    private readonly ghes: Pick<GhesAccess, 'repository'>,
    private readonly lfs: LfsFiles,
    private readonly settings: BuildSettings,
  ) {}

  /**
   * @throws IsolatedTaskError if the builder rejects the content
   * @throws BuildTimeoutError, BuildMemoryError, BuildProcessDiedError, FolderMissingError, ContentRemovedError; ArtifactQuotaError, which
   *   keeps the site from being published
   * @throws the reason of `signal` if it aborts
   */
  async run(started: StartedDeployment, signal: AbortSignal): Promise<TaskResults['build']> {
    const { deployment, project } = started;
    const log = new BuildLog((lines) => appendLog(this.dataSource.manager, started, lines));
    try {
      log.add('info', `Building ${project.rootFolder || 'the repository'} at ${deployment.commit.slice(0, 7)}`);
      if (project.rootFolder !== '' && deployment.tree === EMPTY_TREE_ID) {
        throw new FolderMissingError(project.rootFolder, deployment.commit);
      }
      const { maxOrganizationBytes, ...settings } = this.settings;
      await this.restoreContent(started);
      const repository = await this.repositoryOf(started);
      const task = {
        ...settings,
        kind: 'build' as const,
        title: project.name,
        repositoryId: project.repositoryId,
        tree: deployment.tree,
        cacheFile: this.caches.file(project.id),
        ...(repository && { repository }),
      };
      const onLog: TaskRun['onLog'] = ({ level, message, at }) => log.add(level, message, at);
      const owner = { deploymentId: deployment.id, projectId: project.id };
      const built = await this.artifacts.publish(owner, async (folder) => {
        const result = await this.lfs.during(project.repositoryId, (fetchLfsFiles) =>
          this.tasks.run<BuildTask>({ ...task, folder }, { signal, onLog, fetchLfsFiles }),
        );
        const site = { deploymentId: deployment.id, organizationId: project.organizationId, bytes: result.bytes };
        await assertArtifactQuota(this.dataSource.manager, site, maxOrganizationBytes);
        return result;
      });
      log.add('info', `${built.pages} ${built.pages === 1 ? 'page' : 'pages'} built`);
      return built;
    } catch (error) {
      if (error instanceof BuildEndedError) log.add('info', error.message);
      else if (signal.aborted) log.add('info', 'The worker is stopping; the build will be restarted');
      // The builder has logged its diagnostics already, with their places.
      else if (!(error instanceof IsolatedTaskError && error.problems.length > 0)) log.add('error', userMessage(error));
      throw error;
    } finally {
      await log.close();
    }
  }

  /** Fetches the content of a deployment again if it was removed because nothing needed it: a promotion builds it once more. */
  private async restoreContent({ deployment, project }: StartedDeployment): Promise<void> {
    const { commit, refName, tree } = deployment;
    const { repositoryId } = project;
    const objects = this.content.repository(repositoryId);
    if (tree === EMPTY_TREE_ID || (await objects.has(tree))) return;
    const { git } = await this.ghes.repository(repositoryId);
    const fetched = await fetchSnapshot(this.dataSource.manager, objects, git, { repositoryId, refName, commit });
    if (fetched === null) throw new ContentRemovedError(commit);
  }

  /** @returns undefined if the site is not built from a branch of the repository, e.g. for a pull request of a fork */
  private async repositoryOf({ deployment, project }: StartedDeployment): Promise<RepositoryFolder | undefined> {
    const branch = branchOfRef(deployment.refName);
    const { manager } = this.dataSource;
    const repository = branch === null ? null : await manager.findOneBy(RepositoryEntity, { id: project.repositoryId });
    const connection = repository && (await manager.findOneBy(ConnectionEntity, { id: repository.connectionId }));
    if (branch === null || !connection) return undefined;
    const { owner, name } = repository;
    return { origin: connection.origin, owner, name, branch, folder: project.rootFolder };
  }
}
