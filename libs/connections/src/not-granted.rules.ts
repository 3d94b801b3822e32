import { isCoded } from '@reunite/contracts';

/**
 * Returns whether minting a token failed because the installation lacks one of its permissions. The server answers 422
 * and does not name the permission.
 *
 * @see https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export function isNotGranted(error: unknown): boolean {
  return (
    isCoded(error) && error.code === 'ghes-validation' && /permissions requested are not granted/i.test(error.message)
  );
}
