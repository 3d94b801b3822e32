import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BareRepository } from './bare-repository.js';
import type { Git } from './git.js';
import { KeyedLock } from './keyed-lock.js';
import { isLogin, isRepositoryName } from './names.js';

/** The folder of bare repositories: `<root>/<owner>/<name>.git`. */
export class GitRepositories {
  private readonly locks = new KeyedLock();

  constructor(
    private readonly git: Git,
    readonly root: string,
  ) {}

  open(owner: string, name: string): BareRepository {
    if (!isLogin(owner) || !isRepositoryName(name)) throw new Error(`${owner}/${name} is not a repository name`);
    return new BareRepository(this.git, join(this.root, owner, `${name}.git`));
  }

  async create(owner: string, name: string, defaultBranch: string): Promise<BareRepository> {
    const repository = this.open(owner, name);
    await mkdir(join(this.root, owner), { recursive: true });
    await repository.create(defaultBranch);
    return repository;
  }

  async move(from: BareRepository, owner: string, name: string): Promise<void> {
    const to = this.open(owner, name);
    await mkdir(join(this.root, owner), { recursive: true });
    await rename(from.directory, to.directory);
  }

  async remove(repository: BareRepository): Promise<void> {
    await rm(repository.directory, { recursive: true });
  }

  /** Runs a ref update under the repository's lock, so that `before` and `after` describe one change. */
  exclusively<T>(repository: BareRepository, work: () => Promise<T>): Promise<T> {
    return this.locks.run(repository.directory, work);
  }
}
