import { includesLevel } from '@reunite/contracts';
import type { MintInstallationTokenRequest, NeededPermissions } from '@reunite/contracts';
import { CallerDeniedError } from './caller-denied.error.js';

type Permissions = NeededPermissions;

interface TokenAccess {
  /** Permission sets of the service's tasks. A request must stay within one of them, for exactly one repository. */
  readonly oneRepository: readonly Permissions[];
  /** Permissions of tokens for all repositories of the installation. */
  readonly allRepositories: Permissions;
}

/**
 * The installation tokens that each service may request. A compromised service gets no token for another task than its
 * own, and none that writes to more than one repository.
 */
const ACCESS: Readonly<Record<string, TokenAccess>> = {
  'sync-worker': {
    oneRepository: [
      // Fetches content and describes pull requests with their checks and branch rules.
      {
        administration: 'read',
        checks: 'read',
        contents: 'read',
        metadata: 'read',
        pull_requests: 'read',
        statuses: 'read',
      },
      // Reports deployments and findings.
      { statuses: 'write' },
      { checks: 'write' },
      // Commits for an actor without a user token; GHES requires `workflows` for changes of GitHub Actions.
      { contents: 'write', metadata: 'read', workflows: 'write' },
      // Opens, updates, comments on and merges pull requests for an actor without a user token.
      { contents: 'write', pull_requests: 'write' },
    ],
    // Lists the repositories of an installation.
    allRepositories: { metadata: 'read' },
  },
};

type TokenRequest = Pick<MintInstallationTokenRequest, 'repositoryIds' | 'permissions'>;

/** @throws CallerDeniedError if the service has no task that needs such a token */
export function authorizeToken(caller: string, { repositoryIds, permissions }: TokenRequest): void {
  const access = Object.hasOwn(ACCESS, caller) ? ACCESS[caller] : undefined;
  const repositories = new Set(repositoryIds).size;
  const sets = repositories === 1 ? access?.oneRepository : access && [access.allRepositories];
  if (repositories <= 1 && sets?.some((set) => isWithin(permissions, set))) return;
  const names = Object.entries(permissions).map(([name, level]) => `${name}: ${level}`);
  const scope = repositories === 0 ? 'all repositories' : `${repositories} repositories`;
  throw new CallerDeniedError(`Service ${caller} may not request a token with ${names.join(', ')} for ${scope}.`);
}

function isWithin(requested: Readonly<Record<string, string>>, allowed: Permissions): boolean {
  return Object.entries(requested).every(
    ([name, level]) => Object.hasOwn(allowed, name) && includesLevel(allowed[name], level),
  );
}
