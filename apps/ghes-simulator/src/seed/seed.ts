import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { hashPassword } from '../access/secrets.js';
import type { BareRepository } from '../git/bare-repository.js';
import { isRepositoryName } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { createRepository, gitOf, type NewRepository } from '../repositories/repositories.js';
import { findAccount, findRepository } from '../state/lookup.js';
import type { Account, Membership, Repository } from '../state/model.js';
import { SeedError } from './seed.error.js';

/** Files of the seeded repositories. */
const contentFolder = join(import.meta.dirname, '../../seed');

const USERS: Record<string, string> = { octocat: 'Mona Lisa Octocat', hubot: 'Hubot', mallory: 'Mallory' };

/** Fixed, so that every server has the same commit ids. */
const FIRST_COMMIT = {
  GIT_AUTHOR_NAME: 'Mona Lisa Octocat',
  GIT_AUTHOR_EMAIL: 'octocat@users.noreply.localhost',
  GIT_AUTHOR_DATE: '1767258000 +0100',
  GIT_COMMITTER_NAME: 'Mona Lisa Octocat',
  GIT_COMMITTER_EMAIL: 'octocat@users.noreply.localhost',
  GIT_COMMITTER_DATE: '1767258000 +0100',
};

/** Seeds a new server with the organizations acme (owner octocat, member hubot) and globex (owner mallory). */
export async function seed(ghes: Ghes, password: string | undefined): Promise<void> {
  const acme = addAccount(ghes, 'acme', 'Organization', 'Acme Inc.');
  const globex = addAccount(ghes, 'globex', 'Organization', 'Globex Corporation');
  for (const [login, name] of Object.entries(USERS)) {
    addAccount(ghes, login, 'User', name).passwordHash = hashPassword(password ?? `${login}-password`);
  }
  addMember(ghes, acme, 'octocat', 'admin');
  addMember(ghes, acme, 'hubot', 'member');
  addMember(ghes, globex, 'mallory', 'admin');
  const docs = { name: 'docs', description: 'The documentation of the Acme API', private: false };
  await withContent(ghes, await createRepository(ghes, acme, docs), 'docs');
  await createRepository(ghes, acme, { name: 'empty', description: 'Nothing yet', private: false });
  const handbook = { name: 'handbook', description: 'How we work', private: true };
  await withContent(ghes, await createRepository(ghes, globex, handbook), 'handbook');
}

/**
 * Copies branches and tags of a local repository to `acme/<folder name>`, unless that repository exists.
 *
 * @throws SeedError if the path is not a Git repository
 */
export async function seedFrom(ghes: Ghes, path: string): Promise<void> {
  const source = resolve(path);
  const name = basename(source).replace(/\.git$/, '');
  const owner = findAccount(ghes.store, 'acme');
  if (!owner || !isRepositoryName(name)) throw new SeedError(source, `"${name}" cannot be the name of a repository`);
  if (findRepository(ghes.store, owner.login, name)) return;
  if (!(await stat(source).catch(() => undefined))?.isDirectory()) throw new SeedError(source, 'it is not a folder');
  const wanted: NewRepository = { name, description: `Copied from ${source}`, private: false };
  const repository = await createRepository(ghes, owner, wanted);
  const git = gitOf(ghes, repository);
  try {
    await git.run([
      'fetch',
      '--quiet',
      '--no-auto-gc',
      '--',
      source,
      '+refs/heads/*:refs/heads/*',
      '+refs/tags/*:refs/tags/*',
    ]);
  } catch (error) {
    ghes.store.change((state) => state.repositories.pop());
    await rm(git.directory, { recursive: true });
    throw new SeedError(source, 'git cannot fetch from it', error);
  }
  await chooseDefaultBranch(ghes, repository, git);
}

async function chooseDefaultBranch(ghes: Ghes, repository: Repository, git: BareRepository): Promise<void> {
  const branches = (await git.refs('refs/heads')).map(({ name }) => name.slice('refs/heads/'.length));
  const branch = ['main', 'master'].find((name) => branches.includes(name)) ?? branches[0];
  if (branch === undefined) return;
  await git.setHead(branch);
  ghes.store.change(() => {
    repository.defaultBranch = branch;
    repository.pushedAt = ghes.clock.timestamp();
  });
}

async function withContent(ghes: Ghes, repository: Repository, folder: string): Promise<void> {
  const git = gitOf(ghes, repository);
  const scratch = await mkdtemp(join(tmpdir(), 'ghes-simulator-seed-'));
  const index = { GIT_INDEX_FILE: join(scratch, 'index') };
  try {
    await git.run(['--work-tree', join(contentFolder, folder), 'add', '--all', '--', '.'], undefined, index);
    const tree = (await git.run(['write-tree'], undefined, index)).toString('utf8').trim();
    const message = `Start ${repository.name}\n`;
    const commit = (await git.run(['commit-tree', tree], message, FIRST_COMMIT)).toString('utf8').trim();
    await git.updateRefs([{ name: 'refs/heads/main', to: commit }]);
    ghes.store.change(() => (repository.pushedAt = ghes.clock.timestamp()));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function addAccount(ghes: Ghes, login: string, type: Account['type'], name: string): Account {
  const account: Account = { id: ghes.store.nextId('account'), login, type, name, createdAt: ghes.clock.timestamp() };
  ghes.store.change((state) => state.accounts.push(account));
  return account;
}

function addMember(ghes: Ghes, organization: Account, login: string, role: Membership['role']): void {
  const user = findAccount(ghes.store, login);
  if (!user) throw new Error(`no user ${login}`);
  ghes.store.change((state) => state.memberships.push({ organizationId: organization.id, userId: user.id, role }));
}
