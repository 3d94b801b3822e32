import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitServer, ZERO_COMMIT } from './git-server.js';
import type { FileChanges, RefUpdate } from './git-server.js';
import type { RunningSimulator } from './simulator.js';

/**
 * A repository of the simulator. A user pushes to it over HTTP, so that the server notices. Reads take its files, which
 * is several times faster than a fetch.
 */
export class SimulatedRepository {
  private readonly clone = new GitServer();
  private readonly folder: string;
  private readonly url: string;
  private readonly credentials: string;

  /**
   * @param name e.g. `acme/docs`
   * @param token of a user with write access
   */
  constructor(simulator: RunningSimulator, name: string, token: string) {
    this.url = `${simulator.url}/${name}.git`;
    this.folder = join(simulator.repositories, `${name}.git`);
    // The clone has all objects of the server, without fetches.
    writeFileSync(join(this.clone.folder, 'objects/info/alternates'), `${join(this.folder, 'objects')}\n`);
    this.credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  }

  /** Runs a reading Git command in the server's repository. @returns its trimmed output */
  git(...args: string[]): string {
    return this.clone.git('--git-dir', this.folder, ...args);
  }

  /** The commit of a branch; {@link ZERO_COMMIT} if the branch does not exist. */
  head(branch: string): string {
    return this.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || ZERO_COMMIT;
  }

  /** Pushes a commit to a branch; a new branch starts at `main`. */
  push(branch: string, files: FileChanges, message?: string): RefUpdate {
    const { before, parent } = this.clone.startOf(branch, this.folder);
    const after = this.clone.commit('pushed', files, parent, message);
    const ref = `refs/heads/${branch}`;
    this.set(ref, after);
    return { ref, before, after };
  }

  /** Creates or force-pushes a ref. @param commit a commit, or the full name of a ref of the server */
  set(ref: string, commit: string): void {
    const id = commit.startsWith('refs/') ? this.git('rev-parse', commit) : commit;
    this.sendPush('--force', this.url, `${id}:${ref}`);
  }

  delete(branch: string): RefUpdate {
    const update = { ref: `refs/heads/${branch}`, before: this.head(branch), after: ZERO_COMMIT };
    this.sendPush(this.url, `:${update.ref}`);
    return update;
  }

  /** Adds a commit object without a parent to the clone. @returns its id */
  unrelatedCommit(files: FileChanges): string {
    return this.clone.commit('unrelated', files);
  }

  /** Returns the id of a blob with this content. */
  blobId(content: Buffer): string {
    return this.clone.run(['hash-object', '--stdin'], content).toString().trim();
  }

  private sendPush(...args: string[]): void {
    this.clone.git('-c', `http.extraHeader=Authorization: Basic ${this.credentials}`, 'push', '--quiet', ...args);
  }

  /** Deletes the clone. */
  remove(): void {
    this.clone.remove();
  }
}
