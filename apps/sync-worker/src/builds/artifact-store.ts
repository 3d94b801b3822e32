import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';
import type { OutputFile, WriteFile } from '@reunite/site-builder';

/** Built deployments as folders, one each; preview-host serves them. A folder appears whole or not at all. */
export class ArtifactStore {
  private readonly root: string;

  /** @param url `file:///folder` */
  constructor(url: string) {
    this.root = fileURLToPath(url);
  }

  /**
   * Lets `build` write a deployment's files aside and puts them in place once it is done. Of two runs of one build each
   * has a folder of its own: they never mix.
   */
  async publish<Result>(deploymentId: string, build: (write: WriteFile) => Promise<Result>): Promise<Result> {
    const finished = this.folder(deploymentId);
    await mkdir(this.root, { recursive: true });
    const aside = await mkdtemp(`${finished}.tmp-`);
    try {
      const result = await build((file) => write(aside, file));
      await rm(finished, { recursive: true, force: true });
      await rename(aside, finished);
      return result;
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }

  async remove(deploymentId: string): Promise<void> {
    await rm(this.folder(deploymentId), { recursive: true, force: true });
  }

  private folder(deploymentId: string): string {
    if (!isId('deployment', deploymentId)) throw new RangeError(`${deploymentId} is no deployment's id.`);
    return join(this.root, deploymentId);
  }
}

async function write(folder: string, { path, body }: OutputFile): Promise<void> {
  const target = join(folder, path);
  // The builder checks its paths; a file outside the folder must be impossible all the same.
  if (!target.startsWith(`${folder}${sep}`)) throw new RangeError(`${path} would lie outside the site.`);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, body);
}
