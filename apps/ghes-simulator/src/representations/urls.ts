import type { Ghes } from '../ghes.js';
import type { Account, App, Repository } from '../state/model.js';
import { accountById } from '../state/lookup.js';

export function apiUrl(ghes: Ghes, path: string): string {
  return `${ghes.settings.publicUrl}/api/v3${path}`;
}

export function htmlUrl(ghes: Ghes, path: string): string {
  return `${ghes.settings.publicUrl}${path}`;
}

export function fullName(ghes: Ghes, repository: Repository): string {
  return `${accountById(ghes.store, repository.ownerId).login}/${repository.name}`;
}

export function appPage(ghes: Ghes, app: App): string {
  return htmlUrl(ghes, `/github-apps/${app.slug}`);
}

/** Path of the settings of an enterprise, an organization or a user. */
export function settingsPath(account: Account): string {
  if (account.type === 'Enterprise') return `/enterprises/${account.login}/settings`;
  return account.type === 'Organization' ? `/organizations/${account.login}/settings` : '/settings';
}

/** Encodes the segments of a path. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
