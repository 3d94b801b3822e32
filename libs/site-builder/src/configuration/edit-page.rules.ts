import type { RepositoryFolder } from '../site-builder.js';
import { encodePath } from '../source/paths.rules.js';
import { isRecord, recordOf, textOf } from '../syntax/values.rules.js';
import { webAddressOf } from './web-address.rules.js';

/**
 * Reads `markdown.editPage`: `baseUrl` and `hide`. Without `baseUrl`, pages are edited on the server that has the repository.
 *
 * @returns the address before the paths of the files; undefined if pages have no link to edit them
 * @see https://redocly.com/docs/realm/config/markdown
 */
export function editAddressOf(
  values: Readonly<Record<string, unknown>>,
  repository: RepositoryFolder | undefined,
  warn: (message: string) => void,
): string | undefined {
  const { editPage } = recordOf(values['markdown']);
  if (!isRecord(editPage) || editPage['hide'] === true) return undefined;
  const written = textOf(editPage['baseUrl']);
  if (written === undefined) return repository && serverAddressOf(repository);
  const address = webAddressOf(written);
  if (address === undefined) warn('markdown.editPage.baseUrl is not an address that begins with https://');
  return address;
}

/** GitHub's editor of the files in a folder. */
function serverAddressOf({ origin, owner, name, branch, folder }: RepositoryFolder): string {
  return [origin, ...[owner, name, 'edit', branch, folder].filter((path) => path !== '').map(encodePath)].join('/');
}
