import type { DeploymentComparison } from '@reunite/contracts';
import type { SiteArchive } from '@reunite/site-archive';

type Site = Pick<SiteArchive, 'paths' | 'file'>;
type Change = DeploymentComparison['items'][number];

/** The result passes through the queue and into a page. */
const MAX_ITEMS = 1_000;

/** Compares the files of two sites by their content. @param base null to compare with an empty site */
export function compareSites(site: Site, base: Site | null): Omit<DeploymentComparison, 'deploymentId' | 'baseId'> {
  const changes: Change[] = [];
  const add = (path: string, change: Change['change']) => changes.push({ path, kind: kindOf(path), change });
  for (const path of site.paths()) {
    const before = base?.file(path);
    if (!before) add(path, 'added');
    else if (before.id !== site.file(path)?.id) add(path, 'changed');
  }
  for (const path of base?.paths() ?? []) if (!site.file(path)) add(path, 'removed');
  // "page" sorts after "asset".
  changes.sort((one, other) => other.kind.localeCompare(one.kind) || (one.path < other.path ? -1 : 1));
  return {
    pages: countsOf(changes, 'page'),
    assets: countsOf(changes, 'asset'),
    items: changes.slice(0, MAX_ITEMS),
    truncated: changes.length > MAX_ITEMS,
  };
}

function kindOf(path: string): Change['kind'] {
  return path.endsWith('.html') ? 'page' : 'asset';
}

function countsOf(changes: readonly Change[], kind: Change['kind']): DeploymentComparison['pages'] {
  const count = (change: Change['change']) =>
    changes.filter((one) => one.kind === kind && one.change === change).length;
  return { added: count('added'), removed: count('removed'), changed: count('changed') };
}
