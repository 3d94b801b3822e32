export type { Account, Permissions } from './account.schema.js';
export * from './app-webhooks.js';
export * from './apps.js';
export * from './commit-statuses.js';
export * from './git-refs.js';
export {
  createInstallationAccessToken,
  getInstallation,
  listInstallations,
  listReposAccessibleToInstallation,
  revokeInstallationAccessToken,
} from './installations.js';
export type { Installation, InstallationToken, InstallationTokenScope } from './installations.js';
export * from './meta.js';
export * from './pull-requests.js';
export { getRepository, listBranches } from './repositories.js';
export type { Branch, Repository, RepositoryName } from './repositories.js';
export { cutStatusDescription } from './status-description.rules.js';
