import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

type Files = Readonly<Record<string, string | null>>;

export interface Moved {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export const ZERO_COMMIT = '0'.repeat(40);

/** A bare repository that git's own upload-pack serves. */
export class GitServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sync-worker-git-'));

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main');
  }

  git(...args: string[]): string {
    return this.gitWith('', args);
  }

  head(branch: string): string {
    return this.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || ZERO_COMMIT;
  }

  /** Moves a branch on to a commit with these files written (null deletes one); a new branch starts from main. */
  push(branch: string, files: Files): Moved {
    const ref = `refs/heads/${branch}`;
    const before = this.head(branch);
    const parent = before === ZERO_COMMIT ? this.head('main') : before;
    const changes = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
    );
    const from = parent === ZERO_COMMIT ? '' : `from ${parent}\n`;
    const head = `commit ${ref}\ncommitter Ada <ada@example.com> 1700000000 +0000\n${data('A change')}${from}`;
    this.gitWith(`${head}${changes.join('')}\n`, ['fast-import', '--quiet']);
    return { ref, before, after: this.head(branch) };
  }

  delete(branch: string): Moved {
    const ref = `refs/heads/${branch}`;
    const before = this.head(branch);
    this.git('update-ref', '-d', ref);
    return { ref, before, after: ZERO_COMMIT };
  }

  async uploadPack(request: Readable): Promise<Buffer> {
    const command = ['GIT_PROTOCOL=version=2', 'git', 'upload-pack', '--stateless-rpc', '.'];
    const git = spawn('env', command, { cwd: this.folder, stdio: ['pipe', 'pipe', 'ignore'] });
    request.pipe(git.stdin);
    return buffer(git.stdout);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs git with something to read. */
  write(args: string[], input: string | Buffer, env: Readonly<Record<string, string>> = {}): string {
    return this.gitWith(input, args, env);
  }

  private gitWith(input: string | Buffer, args: string[], env: Readonly<Record<string, string>> = {}): string {
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const options = { cwd: this.folder, input, stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'] };
    return execFileSync('env', [...settings, 'git', ...args], options)
      .toString()
      .trim();
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
