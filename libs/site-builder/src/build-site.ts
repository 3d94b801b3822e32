import { RenderedPages } from './cache/rendered-pages.js';
import { checkExemptionsOf } from './configuration/publication.rules.js';
import { CONFIGURATION_FILE, unreadSettings } from './configuration/site-configuration.js';
import { siteFrameOf, type SiteFrame } from './configuration/site-frame.js';
import { ProblemLog } from './problem-log.js';
import { SiteNavigation } from './navigation/site-navigation.js';
import {
  FolderTree,
  navigationFromFolders,
  type NavigationItem,
  type NavigationPage,
} from './navigation/navigation.rules.js';
import { navigationFromSidebars } from './navigation/sidebars.rules.js';
import { SiteWriter } from './output/site-writer.js';
import { PageRenderer } from './page/page-renderer.js';
import type { BuildInput, BuildResult, SiteBuilder, SourceFile, WriteFile } from './site-builder.js';
import { planSite, type SitePlan } from './site-plan.js';
import { SitePublisher, titleOfPage, type SiteNavigations } from './site-publisher.js';
import { encodingError } from './source/file-content.rules.js';
import { PageLoader } from './source/load-pages.js';
import { pageAddress } from './source/paths.rules.js';
import { takeSnapshot } from './source/snapshot.js';
import { SourceSyntaxError } from './syntax/source-syntax.error.js';
import { SiteVariants, TRANSLATIONS, translationOf } from './variants/site-variants.js';
import { readVersionSettings } from './variants/version-settings.js';

/** The built-in builder for Markdown pages and OpenAPI descriptions. */
export const builtInSiteBuilder: SiteBuilder = { name: 'built-in', build: buildSite };

/**
 * Builds a site: lists the files, reads the pages, assigns the addresses, renders. A page that cannot be built is reported,
 * and the site is built without it.
 *
 * @throws BuildFailedError if a limit is exceeded, or if none of the pages can be built
 */
export async function buildSite(input: BuildInput, write: WriteFile): Promise<BuildResult> {
  const problems = new ProblemLog(input.log);
  const snapshot = await takeSnapshot(input, problems);
  const unread = unreadSettings(snapshot.configuration.values);
  if (unread !== undefined) input.log('info', unread);
  const cache = new RenderedPages(input.cache);
  const loader = new PageLoader(input, problems, cache);
  const plan = planSite(snapshot, await loader.load(snapshot), loader.failed, problems);
  problems.throwIfNothingBuilt(plan.pages.length);
  const { values } = snapshot.configuration;
  const frame = frameOf(plan, values, input, problems);
  const versions = await readVersionSettings(snapshot.data, problems);
  const folders = plan.pages.map(({ folder }) => folder);
  const variants = new SiteVariants(folders, versions, values['l10n'], frame.language);
  const navigations = await navigationsOf(plan, snapshot.sidebars, input, problems, loader.failed, variants);
  input.log('info', `${plan.pages.length} pages found`);

  const writer = new SiteWriter(write, input.limits.maxOutputBytes, problems, input.reuse);
  const renderer = new PageRenderer(input, plan, { ...snapshot, partials: loader.partials }, cache, problems);
  const publisher = new SitePublisher(input, plan, navigations, variants, frame, renderer, writer, problems);
  const pages = await publisher.publish().finally(() => writer.end());
  problems.throwIfNothingBuilt(pages);

  const totals = writer.totals;
  const { rendered } = renderer;
  if (rendered < pages) input.log('info', `${rendered} of ${pages} pages rendered, the others taken from the cache`);
  if (cache.failure !== undefined) input.log('info', 'the page cache could not be used');
  input.log('info', `${totals.files} files written, ${totals.bytes} bytes`);
  const { links, markdoc, lint } = checkExemptionsOf(values);
  return { pages, rendered, ...totals, problems: problems.problems, exempt: { links, markdoc, lint } };
}

function frameOf(
  { pages, index }: SitePlan,
  values: Readonly<Record<string, unknown>>,
  { title, repository }: BuildInput,
  problems: ProblemLog,
): SiteFrame {
  const titles = new Map(pages.map((page) => [pageAddress(page.folder), titleOfPage(page, title)]));
  const warn = (message: string) => problems.warn({ code: 'configuration-invalid', message, file: CONFIGURATION_FILE });
  return siteFrameOf(values, { title, repository, index, titles, warn });
}

/** Translations have the navigation of their folder: `sidebars.yaml` names the pages of the default language. */
async function navigationsOf(
  plan: SitePlan,
  sidebars: SourceFile | undefined,
  input: BuildInput,
  problems: ProblemLog,
  failed: ReadonlyMap<string, string>,
  { translations }: SiteVariants,
): Promise<SiteNavigations> {
  const titled = plan.pages.map(({ folder, title }) => ({
    folder,
    title: titleOfPage({ folder, title }, input.title),
  }));
  const shown = new Set(translations);
  const own = titled.filter(({ folder }) => !shown.has(translationOf(folder)));
  const items = await navigationOf(plan, own, sidebars, input, problems, failed);
  const folders = new FolderTree(titled);
  const below = (language: string) => new SiteNavigation(folders.itemsBelow(`${TRANSLATIONS}/${language}`));
  const translated = new Map(translations.map((language) => [language, below(language)]));
  return { original: new SiteNavigation(items), translated };
}

async function navigationOf(
  plan: SitePlan,
  titled: readonly NavigationPage[],
  sidebars: SourceFile | undefined,
  input: BuildInput,
  problems: ProblemLog,
  failed: ReadonlyMap<string, string>,
): Promise<NavigationItem[]> {
  if (!sidebars) return navigationFromFolders(titled);
  try {
    const bytes = await sidebars.read();
    if (bytes.length > input.limits.maxPageBytes) throw new SourceSyntaxError('the file is too large', undefined);
    const reason = encodingError(bytes);
    if (reason !== undefined) throw new SourceSyntaxError(reason, undefined);
    const items = navigationFromSidebars(bytes.toString('utf8'), plan.index, titled, problems, failed);
    return items ?? navigationFromFolders(titled);
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    const { reason, line } = error;
    problems.fail({
      code: 'sidebars-invalid',
      message: `${reason}; the navigation is made from the folders`,
      file: sidebars.path,
      ...(line !== undefined && { line }),
    });
    return navigationFromFolders(titled);
  }
}
