import { RenderedPages } from './cache/rendered-pages.js';
import { ProblemLog } from './problem-log.js';
import { SiteNavigation } from './navigation/site-navigation.js';
import { navigationFromFolders, type NavigationItem } from './navigation/navigation.rules.js';
import { navigationFromSidebars } from './navigation/sidebars.rules.js';
import { SiteWriter } from './output/site-writer.js';
import type { Page } from './page/page.js';
import { PageRenderer } from './page/page-renderer.js';
import type { BuildInput, BuildResult, SiteBuilder, SourceFile, WriteFile } from './site-builder.js';
import { planSite, type SitePlan } from './site-plan.js';
import { SitePublisher, titleOfPage } from './site-publisher.js';
import { encodingError } from './source/encoding.rules.js';
import { PageLoader } from './source/load-pages.js';
import { pageAddress } from './source/paths.rules.js';
import { takeSnapshot } from './source/snapshot.js';
import { SourceSyntaxError } from './syntax/source-syntax.error.js';

/** The builder that comes with the product: Markdown pages and OpenAPI descriptions. */
export const builtInSiteBuilder: SiteBuilder = { name: 'built-in', build: buildSite };

/**
 * Builds a site: list the files, read the pages, give out the addresses, render. What cannot be built is found before the
 * first file is written, but for pages that are too long and sites that are too large.
 *
 * @throws BuildFailedError with every page that cannot be built, or the limit that was passed
 */
export async function buildSite(input: BuildInput, write: WriteFile): Promise<BuildResult> {
  const problems = new ProblemLog(input.log);
  const snapshot = await takeSnapshot(input, problems);
  const cache = new RenderedPages(input.cache);
  const loader = new PageLoader(input, problems, cache);
  const plan = planSite(snapshot, await loader.load(snapshot), problems);
  const items = await navigationOf(plan, snapshot.sidebars, input, problems, loader.failed);
  problems.throwIfFailed();
  input.log('info', `${plan.pages.length} pages found`);

  const writer = new SiteWriter(write, input.limits.maxOutputBytes, problems);
  const renderer = new PageRenderer(input, plan, { ...snapshot, partials: loader.partials }, cache, problems);
  const publisher = new SitePublisher(input, plan, new SiteNavigation(items), renderer, writer, problems);
  await publisher.publish().finally(() => writer.end());
  problems.throwIfFailed();

  const totals = writer.totals;
  const pages = plan.pages.length;
  const { rendered } = renderer;
  if (rendered < pages) input.log('info', `${rendered} of ${pages} pages rendered, the others are as they were`);
  if (cache.failure !== undefined) input.log('info', 'what was rendered before could not be used, or not be kept');
  input.log('info', `${totals.files} files written, ${totals.bytes} bytes`);
  return { pages, rendered, ...totals, problems: problems.problems };
}

async function navigationOf(
  plan: SitePlan,
  sidebars: SourceFile | undefined,
  input: BuildInput,
  problems: ProblemLog,
  failed: ReadonlySet<string>,
): Promise<NavigationItem[]> {
  const titled = plan.pages.map((page: Page) => ({ folder: page.folder, title: titleOfPage(page, input.title) }));
  if (!sidebars) return navigationFromFolders(titled);
  const titles = new Map(titled.map(({ folder, title }) => [pageAddress(folder), title]));
  try {
    const bytes = await sidebars.read();
    if (bytes.length > input.limits.maxPageBytes) throw new SourceSyntaxError('it is too large', undefined);
    const fault = encodingError(bytes);
    if (fault !== undefined) throw new SourceSyntaxError(fault, undefined);
    const items = navigationFromSidebars(bytes.toString('utf8'), plan.index, titles, problems, failed);
    return items ?? navigationFromFolders(titled);
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    const { reason, line } = error;
    problems.fail({
      code: 'sidebars-invalid',
      message: reason,
      file: sidebars.path,
      ...(line !== undefined && { line }),
    });
    return [];
  }
}
