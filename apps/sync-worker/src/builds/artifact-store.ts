import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStorage } from '@reunite/blob-storage';
import { collectPacks, SiteStore } from '@reunite/site-archive';
import type { CollectedPacks, SiteArchive, SiteOwner } from '@reunite/site-archive';
import { removeOldFolders } from './build-folders.js';

/** Stores the sites of deployments, from which preview-host serves them. A site appears whole or not at all. */
export class ArtifactStore {
  private readonly sites: SiteStore;

  /** @param buildFolder a local folder, where builds write their sites before they are stored */
  constructor(
    private readonly storage: BlobStorage,
    private readonly buildFolder: string,
  ) {
    this.sites = new SiteStore(storage);
  }

  /**
   * Lets `build` write the site of a deployment into a local folder, and stores it. The folder has the manifest of the site
   * that was built last for the project, so that unchanged files are not written again.
   */
  async publish<Result>(owner: SiteOwner, build: (folder: string) => Promise<Result>): Promise<Result> {
    const published = (await this.tryToPublish(owner, build, true)) ?? (await this.publishWhole(owner, build));
    return published.result;
  }

  /**
   * Gives a deployment the site of another one of its project.
   *
   * @returns false if the source has no site
   */
  copy(from: string, to: string): Promise<boolean> {
    return this.sites.copy(from, to);
  }

  /** Opens the site of a deployment. Returns null if it has none. */
  site(deploymentId: string): Promise<SiteArchive | null> {
    return this.sites.open(deploymentId);
  }

  /** The deployments that have a site. */
  list(): Promise<string[]> {
    return this.sites.list();
  }

  remove(deploymentId: string): Promise<void> {
    return this.sites.remove(deploymentId);
  }

  /** Removes packs that no site has named since before the grace period. */
  collectGarbage(before: Date): Promise<CollectedPacks> {
    return collectPacks(this.storage, before);
  }

  /** Removes the folders of killed builds, and partial writes, that are older than `before`. */
  async removeLeftovers(before: Date): Promise<void> {
    await removeOldFolders(this.buildFolder, before);
    await this.storage.removeLeftovers(before);
  }

  close(): Promise<void> {
    return this.storage.close();
  }

  /** A second attempt takes nothing from earlier sites, so that nothing can be missing. */
  private async publishWhole<Result>(
    owner: SiteOwner,
    build: (folder: string) => Promise<Result>,
  ): Promise<{ readonly result: Result }> {
    const published = await this.tryToPublish(owner, build, false);
    if (published === null) throw new Error(`The pack of ${owner.deploymentId} was removed while it was stored.`);
    return published;
  }

  /** @returns null if a pack that the site needs was removed meanwhile */
  private async tryToPublish<Result>(
    owner: SiteOwner,
    build: (folder: string) => Promise<Result>,
    reuse: boolean,
  ): Promise<{ readonly result: Result } | null> {
    await mkdir(this.buildFolder, { recursive: true });
    const folder = await mkdtemp(join(this.buildFolder, `${owner.deploymentId}.`));
    try {
      if (reuse) await this.sites.prepare(owner.projectId, folder);
      const result = await build(folder);
      return (await this.sites.publish(owner, folder)) ? { result } : null;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
