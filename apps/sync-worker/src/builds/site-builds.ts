import type { ContentStore } from '@reunite/content-store';
import { appendLog } from '@reunite/deployments';
import type { StartedDeployment } from '@reunite/deployments';
import { EMPTY_TREE_ID } from '@reunite/git-objects';
import { builtInSiteBuilder, defaultBuildLimits } from '@reunite/site-builder';
import type { BuildInput, SourceFile } from '@reunite/site-builder';
import type { DataSource } from 'typeorm';
import { explain } from '../explain.js';
import type { ArtifactStore } from './artifact-store.js';
import { BuildLog } from './build-log.js';
import { BuildTimeoutError } from './build-timeout.error.js';
import { FolderMissingError } from './folder-missing.error.js';

/** Builds a deployment's site from the content store, with its log and its time limit. */
export class SiteBuilds {
  constructor(
    private readonly dataSource: DataSource,
    private readonly content: ContentStore,
    private readonly artifacts: ArtifactStore,
    private readonly timeoutSeconds: number,
  ) {}

  /** @returns the number of pages @throws BuildFailedError, BuildTimeoutError, FolderMissingError */
  async run(started: StartedDeployment, stopping: AbortSignal): Promise<number> {
    const { deployment, project } = started;
    const log = new BuildLog((lines) => appendLog(this.dataSource.manager, started, lines));
    const timeout = new AbortController();
    const timer = setTimeout(
      () => timeout.abort(new BuildTimeoutError(this.timeoutSeconds)),
      this.timeoutSeconds * 1000,
    );
    try {
      log.add('info', `Building ${project.rootFolder || 'the repository'} at ${deployment.commit.slice(0, 7)}`);
      if (project.rootFolder !== '' && deployment.tree === EMPTY_TREE_ID) {
        throw new FolderMissingError(project.rootFolder, deployment.commit);
      }
      const input: BuildInput = {
        title: project.name,
        files: this.files(project.repositoryId, deployment.tree),
        limits: defaultBuildLimits,
        log: (level, message, at) => log.add(level, message, at),
        signal: AbortSignal.any([timeout.signal, stopping]),
      };
      const { pages } = await this.artifacts.publish(deployment.id, (write) => builtInSiteBuilder.build(input, write));
      log.add('info', `${pages} ${pages === 1 ? 'page' : 'pages'} built`);
      return pages;
    } catch (error) {
      if (stopping.aborted) log.add('info', 'The worker stops; the build begins anew');
      else log.add('error', explain(error));
      throw error;
    } finally {
      clearTimeout(timer);
      await log.close();
    }
  }

  private async *files(repositoryId: string, tree: string): AsyncGenerator<SourceFile> {
    const objects = this.content.repository(repositoryId);
    for await (const { path, mode, id } of objects.walk(tree)) {
      if (mode === '040000') continue;
      yield { path, mode, read: async () => (await objects.read(id)).body };
    }
  }
}
