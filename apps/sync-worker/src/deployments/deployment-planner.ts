import type { ContentStore } from '@reunite/content-store';
import { planDeployments, reportHead } from '@reunite/deployments';
import type { DeployableRef, StatusLinks } from '@reunite/deployments';
import { GitRefEntity } from '@reunite/repositories';
import type { Work } from '@reunite/unit-of-work';
import type { ArtifactStore } from '../builds/artifact-store.js';

/** Plans deployments with this worker's content and artifacts. */
export class DeploymentPlanner {
  constructor(
    private readonly content: ContentStore,
    private readonly artifacts: ArtifactStore,
    private readonly links: StatusLinks,
  ) {}

  /** See {@link planDeployments}. */
  async plan(work: Work, ref: DeployableRef, trigger?: 'settings'): Promise<void> {
    const objects = this.content.repository(ref.repositoryId);
    const folderTree = async (rootTree: string, folder: string) => {
      if (folder === '') return rootTree;
      const entry = await objects.readPath(rootTree, folder);
      return entry?.mode === '040000' ? entry.id : null;
    };
    const removeArtifacts = (deploymentId: string) => this.artifacts.remove(deploymentId);
    await planDeployments({ ...work, links: this.links }, ref, {
      folderTree,
      removeArtifacts,
      ...(trigger && { trigger }),
    });
  }

  /** See {@link reportHead}. */
  reportHead(work: Work, repositoryId: string, commit: string): Promise<void> {
    return reportHead({ ...work, links: this.links }, repositoryId, commit);
  }

  /**
   * Plans for a ref by its synced content. Does nothing if the ref was not synced yet, because its sync plans then. The
   * ref is locked: a concurrent sync plans after this one and sees its writes, or before it and its result is read
   * here.
   */
  async planSynced(work: Work, repositoryId: string, name: string, trigger?: 'settings'): Promise<void> {
    const ref = await work.db.findOne(GitRefEntity, {
      where: { repositoryId, name },
      lock: { mode: 'pessimistic_write' },
    });
    if (!ref || ref.syncedGeneration === 0) return;
    const { syncedCommit: commit, syncedTree: tree, syncedGeneration: generation } = ref;
    const content = commit && tree ? { commit, tree } : null;
    await this.plan(work, { repositoryId, name, generation, content }, trigger);
  }
}
