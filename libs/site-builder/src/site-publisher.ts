import { hashOf, RENDERER_VERSION } from './cache/rendered-pages.js';
import { siteAsset, type SiteAssetName } from './assets/site-assets.js';
import { SITEMAP_PATH, sitemapOf, type SiteFrame } from './configuration/site-frame.js';
import { EventLoopTurns } from './event-loop-turns.js';
import { titleOfFolder } from './navigation/navigation.rules.js';
import type { SiteNavigation } from './navigation/site-navigation.js';
import type { SiteWriter } from './output/site-writer.js';
import type { Page } from './page/page.js';
import type { PageRenderer } from './page/page-renderer.js';
import {
  frameKeyOf,
  listingView,
  notFoundView,
  pageTemplate,
  unavailableView,
  type PageView,
  type Site,
} from './page/page.template.js';
import type { ProblemLog } from './problem-log.js';
import { SearchIndex, SEARCH_INDEX_PATH } from './search/search-index.js';
import type { BuildInput, SourceFile } from './site-builder.js';
import { NOT_FOUND_PATH, type SitePlan } from './site-plan.js';
import { contentTypeOf, publicationOf } from './source/content-type.rules.js';
import { isLfsPointer } from './source/file-content.rules.js';
import { encodePath, pageAddress, pageOutputPath, staticOutputPath } from './source/paths.rules.js';
import { isSmallEnough, tooLarge } from './source/snapshot.js';
import { translationOf, type SiteVariants } from './variants/site-variants.js';

/** The title of a page. Default: the name of its folder, or of the site for the start page. */
export function titleOfPage({ title, folder }: Pick<Page, 'title' | 'folder'>, siteTitle: string): string {
  return title ?? (folder === '' ? siteTitle : titleOfFolder(folder));
}

/** The site as all pages of a language show it. `key` identifies it. */
interface KeyedSite extends Site {
  readonly key: string;
}

export interface SiteNavigations {
  readonly original: SiteNavigation;
  /** By language. */
  readonly translated: ReadonlyMap<string, SiteNavigation>;
}

/** Renders and writes a planned site: pages by address, then the files that they show and link to. */
export class SitePublisher {
  private readonly search = new SearchIndex();
  private readonly turns = new EventLoopTurns();
  /** Git LFS pointers, with the paths of the site at which their content belongs. */
  private readonly pointers: { readonly path: string; readonly file: SourceFile }[] = [];
  private hasDiagrams = false;
  private readonly defaultSite: KeyedSite;
  /** By language of translated pages. */
  private readonly sites: ReadonlyMap<string, KeyedSite>;

  constructor(
    private readonly input: BuildInput,
    private readonly plan: SitePlan,
    navigations: SiteNavigations,
    private readonly variants: SiteVariants,
    private readonly frame: SiteFrame,
    private readonly renderer: PageRenderer,
    private readonly writer: SiteWriter,
    private readonly problems: ProblemLog,
  ) {
    const { title } = input;
    const siteWith = (navigation: SiteNavigation): KeyedSite => {
      const key = hashOf(RENDERER_VERSION, title, JSON.stringify([navigation.items, frame]));
      return { title, navigation, frame, key };
    };
    const { original, translated } = navigations;
    this.defaultSite = siteWith(original);
    this.sites = new Map([...translated].map(([language, navigation]) => [language, siteWith(navigation)]));
  }

  /** @returns the number of pages that were built */
  async publish(): Promise<number> {
    await this.writeAssets();
    await this.writePage(NOT_FOUND_PATH, {
      title: 'Page not found',
      address: '/404.html',
      body: notFoundView,
      notFound: true,
    });
    let built = 0;
    for (const page of this.plan.pages) built += await this.publishPage(page);
    if (this.hasDiagrams) await this.writeAsset('diagrams', 'diagramFrame');
    const children = this.childrenByFolder();
    for (const folder of this.plan.listings) {
      const title = titleOfPage({ folder, title: undefined }, this.input.title);
      const body = listingView(title, children.get(folder) ?? []);
      await this.renderer.links.add({ folder, ids: () => new Set() }, []);
      await this.writePage(pageOutputPath(folder), { title, ...this.placeOf(folder), body });
    }
    for (const { outputPath, body } of this.plan.redirects) await this.write(outputPath, body);
    await this.writeSitemap();
    await this.write(SEARCH_INDEX_PATH, this.search.toString());
    if (this.search.cut) this.input.log('info', 'the search index is full; some headings are missing from it');
    for (const [path, file] of this.plan.assets) {
      const always = publicationOf(path).when === 'always' || staticOutputPath(file.path) === path;
      if (always || this.renderer.links.linked.has(path)) await this.copy(path, file);
    }
    await this.copyLfsFiles();
    await this.renderer.links.finish();
    return built;
  }

  private async writeSitemap(): Promise<void> {
    const { siteUrl } = this.frame;
    if (siteUrl === undefined) return;
    const addresses = this.plan.pages.map(({ folder }) => pageAddress(folder));
    await this.write(SITEMAP_PATH, sitemapOf(siteUrl, addresses));
  }

  private async writeAssets(): Promise<void> {
    const names: SiteAssetName[] = ['style', 'script', 'search'];
    if (this.plan.pages.some(({ kind }) => kind === 'reference')) names.push('reference', 'redoc');
    await this.writeAsset(...names);
  }

  private async writeAsset(...names: readonly SiteAssetName[]): Promise<void> {
    for (const { path, body, hash } of names.map(siteAsset)) {
      if (!this.writer.reuse(path, hash)) await this.write(path, body, hash);
    }
  }

  /** @returns the number of pages built: 0 for a page with an error, which is replaced with a note */
  private async publishPage(page: Page): Promise<0 | 1> {
    const body = await this.renderer.body(page);
    const title = titleOfPage(page, this.input.title);
    const place = this.placeOf(page.folder);
    if (!body) {
      await this.writePage(pageOutputPath(page.folder), { title, ...place, body: unavailableView(title) });
      return 0;
    }
    this.search.add(title, place.address, body.search);
    const { kind, description } = page;
    const { attachment, diagrams = false } = body;
    this.hasDiagrams ||= diagrams;
    if (attachment && !this.writer.reuse(attachment.path, body.key)) {
      await this.write(attachment.path, attachment.body, body.key);
    }
    const path = pageOutputPath(page.folder);
    const editUrl = this.editUrlOf(page);
    const variants = place.variants === undefined ? '' : JSON.stringify(place.variants);
    const site = this.siteOf(page.folder);
    const key = body.key && hashOf(site.key, frameKeyOf(kind, diagrams), body.key, editUrl ?? '', variants);
    if (this.writer.reuse(path, key)) return 1;
    const { html, headings } = body;
    const view = { title, description, ...place, kind, body: html, headings, diagrams, editUrl };
    await this.writePage(path, view, key, site);
    return 1;
  }

  /** Files behind symbolic links have no link: on the server, the path of the link holds the path of its target. */
  private editUrlOf({ file }: Page): string | undefined {
    const { editAddress } = this.frame;
    return editAddress === undefined || this.plan.linked.has(file) ? undefined : `${editAddress}/${encodePath(file)}`;
  }

  private placeOf(folder: string): Pick<PageView, 'address' | 'variants'> {
    return { address: pageAddress(folder), variants: this.variants.of(folder) };
  }

  private siteOf(folder: string): KeyedSite {
    return this.sites.get(translationOf(folder)) ?? this.defaultSite;
  }

  private async writePage(path: string, view: PageView, key?: string, site: Site = this.defaultSite): Promise<void> {
    // Rendering blocks the event loop.
    await this.turns.next();
    this.input.signal.throwIfAborted();
    await this.write(path, pageTemplate(site, view), key);
  }

  private async write(path: string, body: string, key?: string): Promise<void> {
    await this.writer.add({ path, body, contentType: contentTypeOf(path), ...(key !== undefined && { key }) });
  }

  /** Direct children of each folder: pages and listings. */
  private childrenByFolder(): Map<string, { href: string; title: string }[]> {
    const children = new Map<string, { href: string; title: string }[]>();
    const entries = [...this.plan.pages, ...this.plan.listings.map((folder) => ({ folder, title: undefined }))];
    for (const entry of entries.filter(({ folder }) => folder !== '')) {
      const parent = entry.folder.slice(0, Math.max(0, entry.folder.lastIndexOf('/')));
      const siblings = children.get(parent) ?? [];
      siblings.push({ href: pageAddress(entry.folder), title: titleOfPage(entry, this.input.title) });
      children.set(parent, siblings);
    }
    return children;
  }

  private async copy(path: string, file: SourceFile): Promise<void> {
    this.input.signal.throwIfAborted();
    // A file that is published was checked when it was written.
    if (this.writer.reuse(path, file.id)) return;
    const body = (file.size ?? 0) > this.input.limits.maxAssetBytes ? undefined : await file.read();
    const size = body?.length ?? file.size ?? 0;
    if (body === undefined || !isSmallEnough(file, this.input, this.problems, size)) {
      await this.renderer.links.addUnpublished(path, tooLarge(size, this.input));
      return;
    }
    if (isLfsPointer(body)) {
      this.pointers.push({ path, file });
      return;
    }
    await this.writeFile(path, file, body);
  }

  /** Asks for all files at once: each request to a server can name many. */
  private async copyLfsFiles(): Promise<void> {
    const ids = new Set(this.pointers.flatMap(({ file }) => file.id ?? []));
    const contents = ids.size === 0 ? undefined : await this.input.readLfsFiles?.([...ids]);
    for (const { path, file } of this.pointers) {
      this.input.signal.throwIfAborted();
      const content = file.id === undefined ? undefined : contents?.get(file.id);
      if (content && 'read' in content) {
        await this.writeFile(path, file, await content.read());
        continue;
      }
      const reason = content?.reason ?? 'the file is in Git LFS, which is not fetched';
      this.problems.warn({ code: 'lfs-pointer', message: `${reason}; it is not published`, file: file.path });
      await this.renderer.links.addUnpublished(path, reason);
    }
  }

  private async writeFile(path: string, { id: key }: SourceFile, body: Buffer): Promise<void> {
    await this.writer.add({ path, body, contentType: contentTypeOf(path), ...(key !== undefined && { key }) });
  }
}
