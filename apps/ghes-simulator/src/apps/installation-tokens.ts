import { atLeast } from '../access/authorize.js';
import { hashSecret, newToken } from '../access/secrets.js';
import { toTimestamp } from '../clock.js';
import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import { installedRepositories } from '../state/lookup.js';
import type { Installation, InstallationToken, Permissions } from '../state/model.js';

export interface TokenRequest {
  readonly repository_ids?: number[] | undefined;
  readonly repositories?: string[] | undefined;
  readonly permissions?: Permissions | undefined;
}

const LIFE_MS = 60 * 60 * 1000;

/**
 * Creates a token that is valid for an hour and limited to the requested repositories and permissions.
 *
 * @throws ApiError 403 if the installation is suspended, 422 if it lacks a requested repository or permission
 */
export function createToken(
  ghes: Ghes,
  installation: Installation,
  request: TokenRequest,
): { value: string; token: InstallationToken } {
  if (installation.suspendedAt !== null) throw new ApiError(403, 'This installation has been suspended');
  const repositoryIds = chosenRepositories(ghes, installation, request);
  const value = newToken('ghs_');
  ghes.given.add('installation-token', value);
  const token: InstallationToken = {
    tokenHash: hashSecret(value),
    installationId: installation.id,
    permissions: narrowedPermissions(installation, request.permissions),
    expiresAt: toTimestamp(new Date(ghes.clock.now().getTime() + LIFE_MS)),
    ...(repositoryIds ? { repositoryIds } : {}),
  };
  const now = ghes.clock.now();
  ghes.store.change((state) => {
    const alive = state.installationTokens.filter((item) => new Date(item.expiresAt) > now);
    state.installationTokens = [...alive, token];
  });
  return { value, token };
}

function chosenRepositories(ghes: Ghes, installation: Installation, request: TokenRequest): number[] | undefined {
  const { repository_ids: ids, repositories: names } = request;
  if (ids === undefined && names === undefined) return undefined;
  const covered = installedRepositories(ghes.store, installation);
  const chosen = covered.filter(
    ({ id, name }) =>
      (ids ?? []).includes(id) || (names ?? []).some((item) => item.toLowerCase() === name.toLowerCase()),
  );
  if (chosen.length < new Set([...(ids ?? []), ...(names ?? []).map((name) => name.toLowerCase())]).size) {
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return chosen.map(({ id }) => id);
}

function narrowedPermissions({ permissions }: Installation, asked: Permissions | undefined): Permissions {
  if (asked === undefined) return permissions;
  const tooMuch = Object.entries(asked).some(([name, level]) => !atLeast(permissions[name], level));
  if (tooMuch) throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  return { metadata: 'read', ...asked };
}
