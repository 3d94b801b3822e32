import { constants } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStorage } from '@reunite/blob-storage';
import { decodeManifest, encodeManifest, localPackName, MANIFEST_NAME, PACK_ID, withPacks } from './manifest.js';
import type { Manifest } from './manifest.js';
import { SiteArchive } from './site-archive.js';
import { latestPath, manifestPath, packsFolder, UNUSED } from './site-paths.js';

export interface SiteOwner {
  readonly deploymentId: string;
  readonly projectId: string;
}

const DEPLOYMENT_ID = /^dep_[0-9a-z]{26}$/;
const PROJECT_ID = /^prj_[0-9a-z]{26}$/;
/** A manifest of a site with 100,000 files has about 15 MB. */
const MAX_MANIFEST_BYTES = 64 * 1024 ** 2;

/**
 * Stores the sites of deployments: a manifest each, and packs that deployments of a project share. A deployment has its whole
 * site once its manifest is written. Any number of processes may write, and collect garbage, at the same time.
 */
export class SiteStore {
  constructor(private readonly storage: BlobStorage) {}

  /** Opens the site of a deployment. Returns null if it has none. */
  open(deploymentId: string): Promise<SiteArchive | null> {
    return SiteArchive.open(this.storage, deploymentId);
  }

  /** Puts the manifest of the site that was built last into the folder of a new build, for `SiteArchiveWriter`. */
  async prepare(projectId: string, folder: string): Promise<void> {
    assertIds({ projectId });
    const [text, reusable] = await Promise.all([
      this.storage.read(latestPath(projectId)),
      this.reusablePacks(projectId),
    ]);
    const manifest = text === null ? null : decodeManifest(text.toString());
    if (manifest?.projectId !== projectId) return;
    const packs = manifest.packs.filter(({ id }) => reusable.has(id));
    await writeFile(join(folder, MANIFEST_NAME), encodeManifest(withPacks(manifest, packs)));
  }

  /**
   * Stores a site that `SiteArchiveWriter` wrote. The process that wrote it read hostile content: links are not followed, and
   * only packs of the project can be named.
   *
   * @returns false if a pack of an earlier site was removed meanwhile: build again without {@link prepare}
   */
  async publish({ deploymentId, projectId }: SiteOwner, folder: string): Promise<boolean> {
    assertIds({ deploymentId, projectId });
    const manifest = await readManifest(folder);
    for (const { id } of manifest.packs) {
      const file = join(folder, localPackName(id));
      if (await isFile(file)) await this.storage.writeFile(`${packsFolder(projectId)}/${id}`, file);
    }
    const published = await this.putManifest(deploymentId, { ...manifest, projectId });
    if (published)
      await this.storage.write(latestPath(projectId), Buffer.from(encodeManifest({ ...manifest, projectId })));
    return published;
  }

  /**
   * Gives a deployment the site of another one, by its manifest.
   *
   * @returns false if the other one has no site
   */
  async copy(from: string, to: string): Promise<boolean> {
    assertIds({ deploymentId: from });
    assertIds({ deploymentId: to });
    const text = await this.storage.read(manifestPath(from));
    const manifest = text === null ? null : decodeManifest(text.toString());
    // Packs of earlier releases are beside their manifest, and are not shared.
    return manifest !== null && manifest.projectId !== null && this.putManifest(to, manifest);
  }

  /** The deployments that have a site. */
  async list(): Promise<string[]> {
    return (await this.storage.folders()).filter((name) => DEPLOYMENT_ID.test(name));
  }

  /** Removes the site of a deployment. Its packs stay until a garbage collection. Idempotent. */
  async remove(deploymentId: string): Promise<void> {
    assertIds({ deploymentId });
    await this.storage.removeFolder(deploymentId);
  }

  /**
   * Writes a manifest, then looks whether its packs are still there and not marked as unused. A garbage collection marks a
   * pack before it reads the manifests, so that either it sees this manifest or this sees the mark.
   */
  private async putManifest(deploymentId: string, manifest: Manifest): Promise<boolean> {
    await this.storage.write(manifestPath(deploymentId), Buffer.from(encodeManifest(manifest)));
    const reusable = await this.reusablePacks(manifest.projectId ?? '');
    if (manifest.packs.every(({ id, bytes }) => reusable.get(id) === bytes)) return true;
    await this.remove(deploymentId);
    return false;
  }

  /** Sizes of the packs that are not marked as unused, by id. */
  private async reusablePacks(projectId: string): Promise<ReadonlyMap<string, number>> {
    const blobs = await this.storage.list(packsFolder(projectId));
    const names = new Set(blobs.map(({ name }) => name));
    const reusable = blobs.filter(({ name }) => PACK_ID.test(name) && !names.has(`${name}${UNUSED}`));
    return new Map(reusable.map(({ name, bytes }) => [name, bytes]));
  }
}

async function readManifest(folder: string): Promise<Manifest> {
  const handle = await open(join(folder, MANIFEST_NAME), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    const manifest = size > MAX_MANIFEST_BYTES ? null : decodeManifest(await handle.readFile('utf8'));
    if (manifest === null) throw new RangeError(`The build wrote no valid manifest (${size} bytes).`);
    return manifest;
  } finally {
    await handle.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return false;
  try {
    return (await handle.stat()).isFile();
  } finally {
    await handle.close();
  }
}

function assertIds({ deploymentId, projectId }: Partial<SiteOwner>): void {
  if (deploymentId !== undefined && !DEPLOYMENT_ID.test(deploymentId)) {
    throw new RangeError(`${deploymentId} is not a deployment id.`);
  }
  if (projectId !== undefined && !PROJECT_ID.test(projectId)) {
    throw new RangeError(`${projectId} is not a project id.`);
  }
}
