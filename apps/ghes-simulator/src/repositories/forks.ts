import type { Ghes } from '../ghes.js';
import { findAccount } from '../state/lookup.js';
import type { Account, Repository } from '../state/model.js';
import { createRepository, gitOf } from './repositories.js';

/** Creates a fork with all branches and tags. */
export async function forkRepository(ghes: Ghes, parent: Repository, owner: Account): Promise<Repository> {
  const { name, description, private: isPrivate, defaultBranch, pushedAt } = parent;
  const fork = await createRepository(ghes, owner, { name, description, private: isPrivate });
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const git = gitOf(ghes, fork);
  await git.run(['fetch', '--quiet', '--no-auto-gc', '--', gitOf(ghes, parent).directory, ...refs]);
  await git.setHead(defaultBranch);
  ghes.store.change(() => Object.assign(fork, { forkOf: parent.id, defaultBranch, pushedAt }));
  return fork;
}

/** The owner's repository in the network: the repository itself, its parent, or a fork of either. */
export function forkOwnedBy(ghes: Ghes, repository: Repository, owner: string): Repository | undefined {
  const account = findAccount(ghes.store, owner);
  const root = repository.forkOf ?? repository.id;
  return ghes.store.state.repositories.find(
    (item) => item.ownerId === account?.id && (item.forkOf ?? item.id) === root,
  );
}

/** Copies a commit from one repository to another. */
export async function bringIn(ghes: Ghes, into: Repository, from: Repository, sha: string): Promise<void> {
  if (into.id === from.id) return;
  await gitOf(ghes, into).run(['fetch', '--quiet', '--no-auto-gc', '--', gitOf(ghes, from).directory, sha]);
}
