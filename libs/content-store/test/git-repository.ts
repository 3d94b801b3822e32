import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchRequest, parseFetchResponse } from '@reunite/git-objects';
import type { FetchOptions } from '@reunite/git-objects';

/** A bare repository of the installed git, written by fast-import and served by upload-pack. */
export class GitRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'content-store-git-'));

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main');
  }

  git(...args: string[]): string {
    return this.gitWith('', ...args)
      .toString()
      .trim();
  }

  gitWith(input: string | Buffer, ...args: string[]): Buffer {
    const settings = ['-c', 'core.quotePath=false', '-c', 'gc.auto=0'];
    const stdio: ('pipe' | 'ignore')[] = ['pipe', 'pipe', 'ignore'];
    return execFileSync('git', [...settings, ...args], { cwd: this.folder, input, maxBuffer: 1 << 28, stdio });
  }

  /** Adds a commit for each set of files to write (null deletes a file). Returns their ids, oldest first. */
  commit(...rounds: Record<string, string | null>[]): string[] {
    const before = Number(this.git('rev-list', '--count', '--all'));
    const stream = rounds.map((files, round) => {
      const changes = Object.entries(files).map(([path, content]) =>
        content === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(content)}`,
      );
      const from = before > 0 && round === 0 ? 'from refs/heads/main^0\n' : '';
      const head = `commit refs/heads/main\ncommitter Ada <ada@example.com> ${1_700_000_000 + before + round} +0000\n`;
      return `${head}${data(`Round ${before + round}`)}${from}${changes.join('')}\n`;
    });
    this.gitWith(stream.join(''), 'fast-import', '--quiet');
    return this.git('rev-list', '--reverse', 'main').split('\n').slice(before);
  }

  /** Returns the pack of one protocol v2 fetch. */
  fetch(options: FetchOptions): Buffer {
    const command = ['GIT_PROTOCOL=version=2', 'git', 'upload-pack', '--stateless-rpc', '.'];
    const input = fetchRequest({ depth: 1, ...options });
    return parseFetchResponse(spawnSync('env', command, { cwd: this.folder, input, maxBuffer: 1 << 28 }).stdout).pack;
  }

  /** Returns a thin pack of the changes since a stored commit, as a sync requests it. */
  fetchSince(have: string, want: string): Buffer {
    return this.fetch({ wants: [want], haves: [have], shallow: [have] });
  }

  /** Returns a pack of exactly these objects. */
  pack(ids: readonly string[]): Buffer {
    return this.gitWith(ids.map((id) => `${id}\n`).join(''), 'pack-objects', '--stdout', '-q', '--window=0');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}
