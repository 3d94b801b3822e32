import { pathSegment } from './path-segment.rules.js';

/**
 * The URL to which the browser posts the form field `manifest` to create a GitHub App.
 * https://docs.github.com/enterprise-server@latest/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 *
 * @param owner the organization that will own the app. Default: the signed-in user
 * @param state random, single use; returned with the code
 */
export function manifestFormUrl(options: { origin: string; owner?: string | undefined; state: string }): string {
  const owner = options.owner === undefined ? '' : `/organizations/${pathSegment(options.owner)}`;
  return `${options.origin}${owner}/settings/apps/new?${new URLSearchParams({ state: options.state }).toString()}`;
}

/** The page on which a user installs an app. */
export function newInstallationUrl(options: { origin: string; slug: string; state?: string | undefined }): string {
  const query = options.state === undefined ? '' : `?${new URLSearchParams({ state: options.state }).toString()}`;
  return `${options.origin}/github-apps/${pathSegment(options.slug)}/installations/new${query}`;
}
