import { MAX_COMMENT_PAGES } from '@reunite/deployments';
import type { ChangedPage } from '@reunite/deployments';
import { listPullRequestFiles } from '@reunite/ghes-client';
import type { GhesClient, PullRequestName } from '@reunite/ghes-client';
import type { SiteArchive } from '@reunite/site-archive';
import { pageAddress, pageFolder, pageOutputPath } from '@reunite/site-builder';

/** A published preview. */
interface PreviewSite {
  /** The project's folder of the repository. */
  readonly rootFolder: string;
  readonly url: string;
  readonly site: Pick<SiteArchive, 'hasFile'>;
}

export interface ChangedPages {
  readonly pages: readonly ChangedPage[];
  /** Whether there may be more than these. */
  readonly morePages: boolean;
}

/** Files that are looked at, of the pull request's up to 3,000: one page of the listing. */
const MAX_FILES = 100;
const PAGE_FILE = /\.(?:md|markdown|mdoc|ya?ml|json)$/i;

/** Returns the pages of a preview whose files a pull request changes. Only pages that the site has are linked. */
export async function changedPages(
  client: GhesClient,
  pull: PullRequestName,
  { rootFolder, url, site }: PreviewSite,
): Promise<ChangedPages> {
  const prefix = rootFolder === '' ? '' : `${rootFolder}/`;
  const pages: ChangedPage[] = [];
  let files = 0;
  for await (const { filename: path, status } of listPullRequestFiles(client, { ...pull, perPage: MAX_FILES })) {
    files += 1;
    if (status !== 'removed' && path.startsWith(prefix) && PAGE_FILE.test(path) && !/\p{Cs}/u.test(path)) {
      const folder = pageFolder(path.slice(prefix.length));
      if (site.hasFile(pageOutputPath(folder))) pages.push({ path, url: new URL(pageAddress(folder), url).href });
    }
    if (files === MAX_FILES || pages.length > MAX_COMMENT_PAGES) return { pages, morePages: true };
  }
  return { pages, morePages: false };
}
