import type { BlobStorage, StoredBlob } from '@reunite/blob-storage';
import pLimit from 'p-limit';
import { decodePackIds, PACK_ID } from './manifest.js';
import { manifestPath, PACKS, packsFolder, UNUSED } from './site-paths.js';
import { SiteStore } from './site-store.js';

/** The packs are at the beginning of a manifest: at most 8, of 50 bytes each. */
const MANIFEST_START_BYTES = 2_048;
const CONCURRENT_READS = 8;

export interface CollectedPacks {
  readonly marked: number;
  readonly removed: number;
  readonly removedBytes: number;
}

/**
 * Removes packs that no site names. A pack is marked first, and removed by a later run if the mark is older than the grace
 * period. Builds take no files from a marked pack, so nothing can name it again. Packs younger than the grace period are
 * not marked, because a build may be about to name them. Any number of processes may run this at the same time.
 *
 * @param before end of the grace period: marks and packs that are older than this
 */
export async function collectPacks(storage: BlobStorage, before: Date): Promise<CollectedPacks> {
  let [marked, removed, removedBytes] = [0, 0, 0];
  const projects = await storage.folders(PACKS);
  const folders = new Map<string, readonly StoredBlob[]>();
  for (const projectId of projects) folders.set(projectId, await storage.list(packsFolder(projectId)));
  // Read after the marks: a manifest that is not seen here was written later, and its build sees the marks.
  const used = await usedPacks(storage);
  for (const [projectId, blobs] of folders) {
    const marks = new Map(blobs.filter(({ name }) => name.endsWith(UNUSED)).map((blob) => [blob.name, blob]));
    for (const { name, bytes, modified } of blobs) {
      const path = `${packsFolder(projectId)}/${name}`;
      if (!PACK_ID.test(name) || modified >= before || used.has(path)) continue;
      const mark = marks.get(`${name}${UNUSED}`);
      if (!mark) {
        await storage.create(`${path}${UNUSED}`, Buffer.alloc(0));
        marked += 1;
      } else if (mark.modified < before) {
        await storage.remove(path);
        // The mark goes last: a build that finds neither knows that the pack is gone.
        await storage.remove(`${path}${UNUSED}`);
        removed += 1;
        removedBytes += bytes;
      }
    }
  }
  return { marked, removed, removedBytes };
}

/** The paths of all packs that a manifest names. */
export async function usedPacks(storage: BlobStorage): Promise<Set<string>> {
  const used = new Set<string>();
  const limit = pLimit(CONCURRENT_READS);
  const readManifest = async (deploymentId: string) => {
    const start = await storage.readRange(manifestPath(deploymentId), 0, MANIFEST_START_BYTES);
    const named = start === null ? null : decodePackIds(start.toString());
    for (const id of named?.ids ?? []) used.add(`${packsFolder(named?.projectId ?? '')}/${id}`);
  };
  const deployments = await new SiteStore(storage).list();
  await Promise.all(deployments.map((id) => limit(() => readManifest(id))));
  return used;
}
