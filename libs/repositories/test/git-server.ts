import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Files = Readonly<Record<string, string>>;

/** A bare repository that git's own upload-pack serves, one stateless request at a time. */
export class GitServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'repositories-git-'));
  /** Bytes of each answer so far. */
  readonly answers: number[] = [];
  /** Called between a request and its answer. */
  interrupt: (request: string) => Promise<void> | void = () => undefined;

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main');
  }

  readonly uploadPack = async (body: Buffer): Promise<Buffer> => {
    const command = ['GIT_PROTOCOL=version=2', 'git', 'upload-pack', '--stateless-rpc', '.'];
    const { stdout } = spawnSync('env', command, { cwd: this.folder, input: body, maxBuffer: 1 << 28 });
    this.answers.push(stdout.length);
    await this.interrupt(body.toString('latin1'));
    return stdout;
  };

  git(...args: string[]): string {
    return this.gitWith('', args);
  }

  /** Moves a branch to a new commit with these files over those of `parent`; without one, the history begins anew. */
  commit(branch: string, files: Files, parent?: string): string {
    const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
    const head = `commit refs/heads/${branch}\ncommitter Ada <ada@example.com> 1700000000 +0000\n${data('A change')}`;
    const from = parent === undefined ? '' : `from ${parent}\n`;
    const stream = parent === undefined ? `reset refs/heads/${branch}\n${head}` : `${head}${from}`;
    this.gitWith(`${stream}${changes.join('')}\n`, ['fast-import', '--quiet', '--force']);
    return this.git('rev-parse', `refs/heads/${branch}`);
  }

  /** What no ref leads to any more is gone for good, as it is after a force-push and some time. */
  prune(): void {
    this.git('repack', '-a', '-d', '-q');
    this.git('prune', '--expire=now');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private gitWith(input: string, args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, input, stdio: ['pipe', 'pipe', 'ignore'] })
      .toString()
      .trim();
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
