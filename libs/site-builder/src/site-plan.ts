import { redirectsOf, type Redirect } from './configuration/redirects.rules.js';
import { SITEMAP_PATH } from './configuration/site-frame.js';
import { CONFIGURATION_FILE } from './configuration/site-configuration.js';
import { SiteIndex } from './links/site-index.js';
import { OutputPaths } from './output/site-writer.js';
import type { Page } from './page/page.js';
import type { ProblemLog } from './problem-log.js';
import type { SourceFile } from './site-builder.js';
import { ancestorsOf, pageOutputPath, staticOutputPath } from './source/paths.rules.js';
import { comparePaths, type Snapshot } from './source/snapshot.js';

export const NOT_FOUND_PATH = '404.html';

/** Assigns addresses to files. All output paths are unique. */
export interface SitePlan {
  readonly pages: readonly Page[];
  /** Folders with pages but without a page of their own: they get a generated list. */
  readonly listings: readonly string[];
  /** Files that can be copied, by path in the site: their own, or without the folder `static`. */
  readonly assets: ReadonlyMap<string, SourceFile>;
  readonly index: SiteIndex;
  readonly redirects: readonly Redirect[];
  /** Files at the paths of symbolic links. */
  readonly linked: ReadonlySet<string>;
}

/** @param failed why files could not be read as pages, by path */
export function planSite(
  snapshot: Snapshot,
  loaded: readonly Page[],
  failed: ReadonlyMap<string, string>,
  problems: ProblemLog,
): SitePlan {
  const paths = new OutputPaths();
  for (const path of [NOT_FOUND_PATH, SITEMAP_PATH]) paths.claim(path);
  const unpublished = new Map([...snapshot.unpublished, ...failed]);
  const pages = claimPages(loaded, paths, problems, unpublished);
  const listings = claimListings(pages, paths);
  const assets = claimAssets([...snapshot.assets, ...snapshot.data], paths, problems);
  const statics = claimStatics(snapshot.statics, paths, problems, unpublished);
  for (const [path, file] of statics) assets.set(path, file);
  const places = [...pages, ...listings.map((folder) => ({ folder }))];
  const index = new SiteIndex(places, new Set(assets.keys()), unpublished, movedFiles(statics));
  const { redirects: settings } = snapshot.configuration.values;
  const warn = (message: string) => problems.warn({ code: 'redirect-invalid', message, file: CONFIGURATION_FILE });
  const redirects = redirectsOf(settings, index, (path) => paths.claim(path), warn);
  return { pages, listings, assets, index, redirects, linked: snapshot.linked };
}

/** For a folder's address, `index.md` wins over `README.md`, and both over a page with the name of the folder. */
function claimPages(
  loaded: readonly Page[],
  paths: OutputPaths,
  problems: ProblemLog,
  unpublished: Map<string, string>,
): Page[] {
  const byRank = loaded.map((page) => ({ page, rank: rankOf(page) }));
  byRank.sort((a, b) => a.rank - b.rank || comparePaths(a.page.file, b.page.file));
  const owners = new Map<string, string>();
  const claimed = byRank
    .map(({ page }) => page)
    .filter(({ folder, file }) => {
      if (paths.claim(pageOutputPath(folder))) {
        owners.set(folder, file);
        return true;
      }
      const owner = owners.get(folder);
      // No warning: a README next to an index page is common, and meant for the repository.
      if (owner !== undefined && rankOf({ file: owner }) === 0 && rankOf({ file }) === 1) return false;
      const message = owner === undefined ? 'its address is taken' : `its address is taken by ${owner}`;
      unpublished.set(file, message);
      problems.warn({ code: 'address-taken', message: `${message}; it is skipped`, file });
      return false;
    });
  return claimed.sort((a, b) => comparePaths(a.folder, b.folder));
}

function rankOf({ file }: Pick<Page, 'file'>): number {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  return name.startsWith('index.') ? 0 : name.startsWith('readme.') ? 1 : 2;
}

function claimListings(pages: readonly Page[], paths: OutputPaths): string[] {
  const folders = new Set(['', ...pages.flatMap(({ folder }) => ancestorsOf(folder))]);
  return [...folders].sort(comparePaths).filter((folder) => paths.claim(pageOutputPath(folder)));
}

function claimAssets(files: readonly SourceFile[], paths: OutputPaths, problems: ProblemLog): Map<string, SourceFile> {
  const assets = new Map<string, SourceFile>();
  for (const file of files) {
    if (paths.claim(file.path)) assets.set(file.path, file);
    else
      problems.warn({
        code: 'address-taken',
        message: 'its address is taken by a page; it is skipped',
        file: file.path,
      });
  }
  return assets;
}

/** Skipped files that a diagnostic names. */
const MAX_NAMED = 5;

/** Files outside of `static` keep their addresses. All clashes are one diagnostic: the folder may have thousands of files. */
function claimStatics(
  files: readonly SourceFile[],
  paths: OutputPaths,
  problems: ProblemLog,
  unpublished: Map<string, string>,
): Map<string, SourceFile> {
  const statics = new Map<string, SourceFile>();
  const skipped: string[] = [];
  for (const file of files) {
    const path = staticOutputPath(file.path) ?? file.path;
    if (paths.claim(path)) statics.set(path, file);
    else {
      skipped.push(file.path);
      unpublished.set(file.path, 'its address is taken by another file');
    }
  }
  const [first] = skipped;
  if (first === undefined) return statics;
  const names = skipped.slice(0, MAX_NAMED).map((path) => JSON.stringify(path.slice(0, 120)));
  const others = skipped.length > MAX_NAMED ? ` and ${skipped.length - MAX_NAMED} more` : '';
  const message = `addresses are taken by pages or other files; skipped: ${names.join(', ')}${others}`;
  problems.warn({ code: 'address-taken', message, file: first });
  return statics;
}

/** Paths in the site by paths in the repository. */
function movedFiles(statics: ReadonlyMap<string, SourceFile>): ReadonlyMap<string, string> {
  return new Map([...statics].map(([path, file]) => [file.path, path]));
}
