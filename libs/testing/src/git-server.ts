import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The id of no commit, in Git's terms: the old value of a created ref and the new value of a deleted one. */
export const ZERO_COMMIT = '0'.repeat(40);

/** A ref update, as a push reports it. */
export interface RefUpdate {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** Content by path; null deletes the file. */
export type FileChanges = Readonly<Record<string, string | null>>;

/** A bare repository in a temporary folder, served by Git's own `upload-pack`. */
export class GitServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'reunite-git-'));
  /** Sizes in bytes of all answers of {@link uploadPack}. */
  readonly answers: number[] = [];
  /** Called with each request of {@link uploadPack} before its answer is returned. */
  interrupt: (request: string) => Promise<void> | void = () => undefined;

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main');
  }

  /** Runs Git in the repository. @returns its trimmed output */
  git(...args: string[]): string {
    return this.write(args, '');
  }

  /** Runs Git with `input` on its standard input. @returns its trimmed output */
  write(args: readonly string[], input: string | Buffer, env: Readonly<Record<string, string>> = {}): string {
    const options = { cwd: this.folder, input, env: { ...process.env, ...env } };
    return execFileSync('git', args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] })
      .toString()
      .trim();
  }

  /** The commit of a branch; {@link ZERO_COMMIT} if the branch does not exist. */
  head(branch: string): string {
    return this.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || ZERO_COMMIT;
  }

  /** Adds a commit to a branch; a new branch starts at `main`. */
  push(branch: string, files: FileChanges, message?: string): RefUpdate {
    const before = this.head(branch);
    const parent = before === ZERO_COMMIT ? this.head('main') : before;
    const after = this.commit(branch, files, parent === ZERO_COMMIT ? undefined : parent, message);
    return { ref: `refs/heads/${branch}`, before, after };
  }

  /** Sets a branch to a new commit on top of `parent`, or to a new history without one. @returns the commit */
  commit(branch: string, files: FileChanges, parent?: string, message = 'A change'): string {
    const ref = `refs/heads/${branch}`;
    const lines = [
      ...(parent === undefined ? [`reset ${ref}`] : []),
      `commit ${ref}`,
      'committer Ada <ada@example.com> 1700000000 +0000',
      data(message),
      ...(parent === undefined ? [] : [`from ${parent}`]),
      ...Object.entries(files).map(([path, text]) =>
        text === null ? `D ${path}` : `M 100644 inline ${path}\n${data(text)}`,
      ),
    ];
    this.write(['fast-import', '--quiet', '--force'], `${lines.join('\n')}\n`);
    return this.head(branch);
  }

  delete(branch: string): RefUpdate {
    const before = this.head(branch);
    this.git('update-ref', '-d', `refs/heads/${branch}`);
    return { ref: `refs/heads/${branch}`, before, after: ZERO_COMMIT };
  }

  /** Deletes all unreachable objects, as a server does some time after a force-push. */
  prune(): void {
    this.git('repack', '-a', '-d', '-q');
    this.git('prune', '--expire=now');
  }

  /** Answers one stateless protocol v2 request (https://git-scm.com/docs/protocol-v2). */
  async uploadPack(request: Readable | Buffer): Promise<Buffer> {
    const git = spawn('git', ['upload-pack', '--stateless-rpc', '.'], {
      cwd: this.folder,
      env: { ...process.env, GIT_PROTOCOL: 'version=2' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const body = Buffer.isBuffer(request) ? request : await buffer(request);
    Readable.from([body]).pipe(git.stdin);
    const answer = await buffer(git.stdout);
    this.answers.push(answer.length);
    await this.interrupt(body.toString('latin1'));
    return answer;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
