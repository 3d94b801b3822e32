import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The id of no commit, in Git's terms: the old value of a created ref and the new value of a deleted one. */
export const ZERO_COMMIT = '0'.repeat(40);

/** A ref update, as a push reports it. */
export interface RefUpdate {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** A file that is executable or a symbolic link. */
interface SpecialFile {
  readonly mode: '100755' | '120000';
  readonly content: string;
}

/** Content by path; null deletes the file or folder. */
export type FileChanges = Readonly<Record<string, string | Buffer | SpecialFile | null>>;

/** Settings that do not depend on the user's configuration. */
const SETTINGS = ['core.quotePath=false', 'gc.auto=0', 'user.name=Ada', 'user.email=ada@example.com'];

/** A bare repository in a temporary folder, served by Git's own `upload-pack`. */
export class GitServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'reunite-git-'));
  /** Sizes in bytes of all answers of {@link uploadPack}. */
  readonly answers: number[] = [];
  /** Called with each request of {@link uploadPack} before its answer is returned. */
  interrupt: (request: string) => Promise<void> | void = () => undefined;

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main', '--template=');
  }

  /** Runs Git in the repository. @returns its trimmed output */
  git(...args: string[]): string {
    return this.run(args).toString().trim();
  }

  /** Runs Git with `input` on its standard input. @returns its output */
  run(args: readonly string[], input: string | Buffer = ''): Buffer {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    return execFileSync('git', [...settings, ...args], {
      cwd: this.folder,
      input,
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  /** The commit of a branch; {@link ZERO_COMMIT} if the branch does not exist. */
  head(branch: string): string {
    return this.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || ZERO_COMMIT;
  }

  /**
   * The commit of a branch, and the parent of its next commit: that of `main` for a new branch.
   *
   * @param repository a folder; default: that of this repository
   */
  startOf(branch: string, repository = this.folder): { before: string; parent: string | undefined } {
    const refs = [`refs/heads/${branch}`, 'refs/heads/main'];
    const lines = this.git('--git-dir', repository, 'for-each-ref', '--format=%(refname) %(objectname)', ...refs);
    const commits = new Map(lines.split('\n').map((line) => line.split(' ') as [string, string]));
    const before = commits.get(refs[0]!);
    return { before: before ?? ZERO_COMMIT, parent: before ?? commits.get('refs/heads/main') };
  }

  /** Adds a commit to a branch; a new branch starts at `main`. */
  push(branch: string, files: FileChanges, message?: string): RefUpdate {
    const { before, parent } = this.startOf(branch);
    return { ref: `refs/heads/${branch}`, before, after: this.commit(branch, files, parent, message) };
  }

  /** Sets a branch to a new commit on top of `parent`, or to a new history without one. @returns the commit */
  commit(branch: string, files: FileChanges, parent?: string, message = 'A change'): string {
    const ref = `refs/heads/${branch}`;
    const head = [
      ...(parent === undefined ? [`reset ${ref}`] : []),
      `commit ${ref}`,
      'mark :1',
      'committer Ada <ada@example.com> 1700000000 +0000',
      `data ${Buffer.byteLength(message)}\n${message}`,
      ...(parent === undefined ? [] : [`from ${parent}`]),
    ];
    const changes = Object.entries(files).flatMap(([path, file]) => importCommand(path, file));
    const commands = [Buffer.from(`${head.join('\n')}\n`), ...changes, Buffer.from('get-mark :1\n')];
    return this.run(['fast-import', '--quiet', '--force'], Buffer.concat(commands)).toString().trim();
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
  async uploadPack(request: Readable | Buffer, ...options: string[]): Promise<Buffer> {
    const git = spawn('git', ['upload-pack', '--stateless-rpc', ...options, '.'], {
      cwd: this.folder,
      env: { ...process.env, GIT_PROTOCOL: 'version=2' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const body = Buffer.isBuffer(request) ? request : await buffer(request);
    // Git closes its input early if it needs none, e.g. for the option `--advertise-refs`.
    git.stdin.on('error', () => undefined);
    git.stdin.end(body);
    const answer = await buffer(git.stdout);
    this.answers.push(answer.length);
    await this.interrupt(body.toString('latin1'));
    return answer;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Returns a command of `git fast-import` that changes one file. */
function importCommand(path: string, file: FileChanges[string]): Buffer[] {
  if (file === null) return [Buffer.from(`D ${path}\n`)];
  const { mode, content } = typeof file === 'object' && 'mode' in file ? file : { mode: '100644', content: file };
  const bytes = Buffer.from(content);
  return [Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
}
