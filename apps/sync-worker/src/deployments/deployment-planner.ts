import type { ContentStore } from '@reunite/content-store';
import { planDeployments, previewUrl } from '@reunite/deployments';
import type { DeployableRef, DeploymentAddresses, DeploymentEffects } from '@reunite/deployments';
import { GitRefEntity } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';

export interface AddressSettings {
  readonly consoleUrl: string;
  readonly previewUrlTemplate: string;
}

/** Plans deployments with this worker's addresses and content store. */
export class DeploymentPlanner {
  readonly addresses: DeploymentAddresses;

  constructor(
    private readonly content: ContentStore,
    { consoleUrl, previewUrlTemplate }: AddressSettings,
  ) {
    this.addresses = {
      deploymentPage: (id) => new URL(`/deployments/${id}`, consoleUrl).href,
      previewUrl: (id) => previewUrl(previewUrlTemplate, id),
    };
  }

  async plan(db: EntityManager, ref: DeployableRef, trigger?: 'settings'): Promise<DeploymentEffects> {
    const objects = this.content.repository(ref.repositoryId);
    const folderTree = async (rootTree: string, folder: string) => {
      if (folder === '') return rootTree;
      const entry = await objects.readPath(rootTree, folder);
      return entry?.mode === '040000' ? entry.id : null;
    };
    return planDeployments(db, ref, { ...this.addresses, folderTree, ...(trigger && { trigger }) });
  }

  /**
   * Plans for a ref as it is synced now; nothing where it has not been synced yet, for its sync will plan. The ref is
   * locked: a sync that ends at the same time plans after us, with what we wrote, or before, and then we see its result.
   */
  async planSynced(
    db: EntityManager,
    repositoryId: string,
    name: string,
    trigger?: 'settings',
  ): Promise<DeploymentEffects | null> {
    const ref = await db.findOne(GitRefEntity, { where: { repositoryId, name }, lock: { mode: 'pessimistic_write' } });
    if (!ref || ref.syncedGeneration === 0) return null;
    const { syncedCommit: commit, syncedTree: tree, syncedGeneration: generation } = ref;
    return this.plan(
      db,
      { repositoryId, name, generation, content: commit && tree ? { commit, tree } : null },
      trigger,
    );
  }
}
