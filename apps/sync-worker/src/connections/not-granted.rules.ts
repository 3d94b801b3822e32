import { isCoded } from '@reunite/contracts';

/**
 * Whether a token was refused because the installation lacks a permission that it was to be narrowed to. The server says so
 * with 422 and without a name: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export function isNotGranted(error: unknown): boolean {
  return (
    isCoded(error) && error.code === 'ghes-validation' && /permissions requested are not granted/i.test(error.message)
  );
}
