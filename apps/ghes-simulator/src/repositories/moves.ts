import type { Ghes } from '../ghes.js';
import { fullName } from '../representations/urls.js';
import type { Account, Repository } from '../state/model.js';
import { sendInstallationTarget } from '../webhooks/app-events.js';
import { changingRefs } from './ref-changes.js';
import { endRedirect, gitOf } from './repositories.js';

/**
 * Renames or transfers a repository. Its former address redirects until another repository takes the name.
 * Installations of the former owner lose a transferred repository; as on a server, they get no event for it.
 */
export async function moveRepository(ghes: Ghes, repository: Repository, owner: Account, name: string): Promise<void> {
  const from = fullName(ghes, repository).toLowerCase();
  await ghes.git.move(gitOf(ghes, repository), owner.login, name);
  ghes.store.change((state) => {
    state.redirects.push({ fullName: from, repositoryId: repository.id, rest: true });
    endRedirect(state, `${owner.login}/${name}`);
    if (owner.id !== repository.ownerId) {
      for (const installation of state.installations) {
        installation.repositoryIds = installation.repositoryIds.filter((id) => id !== repository.id);
      }
    }
    Object.assign(repository, { ownerId: owner.id, name, updatedAt: ghes.clock.timestamp() });
  });
}

/** Renames an organization or user. Git redirects from the former addresses of its repositories, REST does not. */
export async function renameAccount(ghes: Ghes, account: Account, login: string, sender: Account): Promise<void> {
  const former = account.login;
  const repositories = ghes.store.state.repositories.filter(({ ownerId }) => ownerId === account.id);
  for (const repository of repositories) await ghes.git.move(gitOf(ghes, repository), login, repository.name);
  ghes.store.change((state) => {
    account.login = login;
    for (const { id, name } of repositories) {
      state.redirects.push({ fullName: `${former}/${name}`.toLowerCase(), repositoryId: id, rest: false });
      endRedirect(state, `${login}/${name}`);
    }
  });
  const installations = ghes.store.state.installations.filter(({ accountId }) => accountId === account.id);
  for (const installation of installations) sendInstallationTarget(ghes, installation, former, sender);
}

/** Deletes a repository with everything that belongs to it. Its name is free, and its former addresses answer 404. */
export async function deleteRepository(ghes: Ghes, repository: Repository): Promise<void> {
  await ghes.git.remove(gitOf(ghes, repository));
  ghes.store.change((state) => {
    const isOther = ({ repositoryId }: { repositoryId: number }) => repositoryId !== repository.id;
    state.repositories = state.repositories.filter((item) => item !== repository);
    state.redirects = state.redirects.filter(isOther);
    state.pullRequests = state.pullRequests.filter(isOther);
    state.statuses = state.statuses.filter(isOther);
    state.protections = state.protections.filter(isOther);
    for (const installation of state.installations) {
      installation.repositoryIds = installation.repositoryIds.filter((id) => id !== repository.id);
    }
  });
}

/** Renames the default branch, as its owner does on the settings page. */
export async function renameDefaultBranch(
  ghes: Ghes,
  repository: Repository,
  name: string,
  sender: Account,
): Promise<void> {
  const git = gitOf(ghes, repository);
  const from = `refs/heads/${repository.defaultBranch}`;
  await changingRefs(ghes, repository, sender, async () => {
    const sha = await git.resolve(from);
    if (sha !== undefined)
      await git.updateRefs([
        { name: `refs/heads/${name}`, to: sha },
        { name: from, to: undefined },
      ]);
  });
  await git.setHead(name);
  ghes.store.change(() => (repository.defaultBranch = name));
}
