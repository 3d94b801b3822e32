import { cp, link, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';

/** Built deployments as folders, one each; preview-host serves them. A folder appears whole or not at all. */
export class ArtifactStore {
  private readonly root: string;

  /** @param url `file:///folder` */
  constructor(url: string) {
    this.root = fileURLToPath(url);
  }

  /**
   * Lets `build` fill a folder with a deployment's files and puts it in place once that is done. Of two runs of one build
   * each has a folder of its own: they never mix.
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
   * Gives a deployment the files of another one.
   *
   * @returns false where those are gone
   */
  async copy(from: string, to: string): Promise<boolean> {
    const source = this.folder(from);
    if (!(await isThere(source))) return false;
    try {
      await this.publish(to, (folder) => copyTree(source, folder));
      return true;
    } catch (error) {
      // Retired while it was copied: nothing was put in place.
      if (!(await isThere(source))) return false;
      throw error;
    }
  }

  /** The deployments that have files. */
  async list(): Promise<string[]> {
    return (await this.names()).filter((name) => isId('deployment', name));
  }

  /** Removes what builds left behind whose process was killed, if it is older than `before`. */
  async removeLeftovers(before: Date): Promise<void> {
    for (const name of await this.names()) {
      if (!isId('deployment', name.split('.tmp-')[0] ?? '') || !name.includes('.tmp-')) continue;
      const found = await stat(join(this.root, name)).catch(() => null);
      if (found && found.mtime < before) await rm(join(this.root, name), { recursive: true, force: true });
    }
  }

  async remove(deploymentId: string): Promise<void> {
    await rm(this.folder(deploymentId), { recursive: true, force: true });
  }

  private names(): Promise<string[]> {
    // Before the first build there is no folder.
    return readdir(this.root).catch(() => []);
  }

  private folder(deploymentId: string): string {
    if (!isId('deployment', deploymentId)) throw new RangeError(`${deploymentId} is no deployment's id.`);
    return join(this.root, deploymentId);
  }
}

/**
 * A folder with files in it cannot be renamed over, so the old one is renamed first: removing it would take long, and it
 * may be what production shows. An old one that cannot be removed is a leftover.
 */
async function replace(finished: string, aside: string): Promise<void> {
  const old = `${aside}.old`;
  const replaced = await moveAway(finished, old);
  try {
    await rename(aside, finished);
  } catch (error) {
    // Another run of the same build was faster: what it put there is as good, and stays.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) {
      if (replaced) await rename(old, finished);
      throw error;
    }
  }
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/** @returns false where it is not there, perhaps because another run moved it */
async function moveAway(finished: string, old: string): Promise<boolean> {
  const now = new Date();
  try {
    // A folder keeps its time when it is renamed; by that it would be a leftover at once.
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

/** Files of a deployment never change, so both may have the same ones; where links do not go, copies do. */
async function copyTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyTree(source, target);
    } else await link(source, target).catch(() => cp(source, target));
  }
}
