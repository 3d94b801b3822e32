import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SETTINGS = [
  'user.name=Ada',
  'user.email=ada@example.com',
  'commit.gpgsign=false',
  'core.autocrlf=false',
  'core.quotePath=false',
  'gc.auto=0',
];

/** A repository made and judged by the git command, thrown away with {@link GitRepository.remove}. */
export class GitRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'git-objects-'));

  constructor() {
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): Buffer {
    return this.gitWith('', ...args);
  }

  gitWith(input: string | Buffer, ...args: string[]): Buffer {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    return execFileSync('git', [...settings, ...args], {
      cwd: this.folder,
      input,
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  text(...args: string[]): string {
    return this.git(...args)
      .toString()
      .trim();
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  commit(message: string): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.text('rev-parse', 'HEAD');
  }

  /** One stateless protocol v2 request, as a smart HTTP server hands it to git. */
  uploadPack(request: Buffer, ...args: string[]): Buffer {
    const command = ['GIT_PROTOCOL=version=2', 'git', 'upload-pack', '--stateless-rpc', ...args, '.'];
    return spawnSync('env', command, { cwd: this.folder, input: request, maxBuffer: 1 << 28 }).stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
