import { cp, link, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';
import { SiteArchive } from '@reunite/site-archive';

/**
 * Stores the files of each deployment in a folder, from which preview-host serves them. A folder appears whole or not
 * at all.
 */
export class ArtifactStore {
  private readonly root: string;

  /** @param url `file:///folder` */
  constructor(url: string) {
    this.root = fileURLToPath(url);
  }

  /**
   * Lets `build` write a deployment's files to a temporary folder, and moves that into place. Two runs of one build
   * write to separate folders.
   */
  async publish<Result>(deploymentId: string, build: (folder: string) => Promise<Result>): Promise<Result> {
    const finished = this.folder(deploymentId);
    await mkdir(this.root, { recursive: true });
    const aside = await mkdtemp(`${finished}.tmp-`);
    try {
      const result = await build(aside);
      await replace(finished, aside);
      return result;
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }

  /**
   * Copies the files of a deployment to another one.
   *
   * @returns false if the source has no files
   */
  async copy(from: string, to: string): Promise<boolean> {
    const source = this.folder(from);
    if (!(await isThere(source))) return false;
    try {
      await this.publish(to, (folder) => copyTree(source, folder));
      return true;
    } catch (error) {
      // The source expired while it was copied: nothing was moved into place.
      if (!(await isThere(source))) return false;
      throw error;
    }
  }

  /** Opens the site of a deployment. Returns null if it has none. */
  site(deploymentId: string): Promise<SiteArchive | null> {
    return SiteArchive.open(this.folder(deploymentId));
  }

  /** The deployments that have files. */
  async list(): Promise<string[]> {
    return (await this.names()).filter((name) => isId('deployment', name));
  }

  /** Removes the temporary folders of killed builds that are older than `before`. */
  async removeLeftovers(before: Date): Promise<void> {
    for (const name of await this.names()) {
      if (!isId('deployment', name.split('.tmp-')[0] ?? '') || !name.includes('.tmp-')) continue;
      const status = await stat(join(this.root, name)).catch(() => null);
      if (status && status.mtime < before) await rm(join(this.root, name), { recursive: true, force: true });
    }
  }

  async remove(deploymentId: string): Promise<void> {
    await rm(this.folder(deploymentId), { recursive: true, force: true });
  }

  private names(): Promise<string[]> {
    // The folder does not exist before the first build.
    return readdir(this.root).catch(() => []);
  }

  private folder(deploymentId: string): string {
    if (!isId('deployment', deploymentId)) throw new RangeError(`${deploymentId} is not a deployment id.`);
    return join(this.root, deploymentId);
  }
}

/**
 * A rename cannot replace a folder that has files. The old folder is renamed first, because removing it takes long and
 * production may show it. An old folder that cannot be removed stays as a leftover.
 */
async function replace(finished: string, aside: string): Promise<void> {
  const old = `${aside}.old`;
  const replaced = await moveAway(finished, old);
  try {
    await rename(aside, finished);
  } catch (error) {
    // Another run of the same build was faster; its files are equivalent and stay.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) {
      if (replaced) await rename(old, finished);
      throw error;
    }
  }
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/** @returns false if it does not exist, for example because another run moved it */
async function moveAway(finished: string, old: string): Promise<boolean> {
  const now = new Date();
  try {
    // A renamed folder keeps its time, and would count as a leftover at once.
    await utimes(finished, now, now);
    await rename(finished, old);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => code === error.code);
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

/** Links the files, which never change. Copies them where the file system does not support links. */
export async function copyTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyTree(source, target);
    } else await link(source, target).catch(() => cp(source, target));
  }
}
