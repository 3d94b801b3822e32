import type { BareRepository } from '../git/bare-repository.js';
import type { Ghes } from '../ghes.js';
import { accountById } from '../state/lookup.js';
import type { Account, Repository, State } from '../state/model.js';

export interface NewRepository {
  readonly name: string;
  readonly description: string | null;
  readonly private: boolean;
}

export function gitOf(ghes: Ghes, repository: Repository): BareRepository {
  return ghes.git.open(accountById(ghes.store, repository.ownerId).login, repository.name);
}

export async function createRepository(ghes: Ghes, owner: Account, wanted: NewRepository): Promise<Repository> {
  await ghes.git.create(owner.login, wanted.name, 'main');
  const now = ghes.clock.timestamp();
  const repository: Repository = {
    id: ghes.store.nextId('repository'),
    ownerId: owner.id,
    ...wanted,
    defaultBranch: 'main',
    createdAt: now,
    updatedAt: now,
    pushedAt: null,
    nextNumber: 1,
  };
  ghes.store.change((state) => {
    state.repositories.push(repository);
    endRedirect(state, `${owner.login}/${wanted.name}`);
  });
  return repository;
}

/** A repository that takes a freed name ends the redirect from it. */
export function endRedirect(state: State, fullName: string): void {
  state.redirects = state.redirects.filter((item) => item.fullName !== fullName.toLowerCase());
}

/** The email address in commits that the server creates. */
export function emailOf(ghes: Ghes, account: Account): string {
  return `${account.login}@users.noreply.${new URL(ghes.settings.publicUrl).hostname}`;
}
