import { setImmediate } from 'node:timers/promises';
import { createLinkRewriter } from './links/link-rewriter.js';
import { titleOfFolder } from './navigation/navigation.rules.js';
import type { SiteNavigation } from './navigation/site-navigation.js';
import type { SiteWriter } from './output/site-writer.js';
import type { Page, PageBody } from './page/page.js';
import { PageTooComplexError } from './page/page-too-complex.error.js';
import { listingView, notFoundView, pageTemplate, type PageView } from './page/page.template.js';
import { themeCss, themePath } from './page/theme.css.js';
import type { ProblemLog } from './problem-log.js';
import type { BuildInput, SourceFile } from './site-builder.js';
import { notFoundPath, type SitePlan } from './site-plan.js';
import { contentTypeOf, publicationOf } from './source/content-type.rules.js';
import { isLfsPointer } from './source/lfs.rules.js';
import { pageAddress, pageOutputPath } from './source/paths.rules.js';
import { isSmallEnough } from './source/snapshot.js';

/** A page without a title of its own is called after its folder; the start page after the site. */
export function titleOfPage({ title, folder }: Pick<Page, 'title' | 'folder'>, siteTitle: string): string {
  return title ?? (folder === '' ? siteTitle : titleOfFolder(folder));
}

/** Renders and writes a planned site: pages in the order of their addresses, then what they show and link to. */
export class SitePublisher {
  readonly #linked = new Set<string>();

  constructor(
    private readonly input: BuildInput,
    private readonly plan: SitePlan,
    private readonly navigation: SiteNavigation,
    private readonly writer: SiteWriter,
    private readonly problems: ProblemLog,
  ) {}

  async publish(): Promise<void> {
    await this.writer.add({ path: themePath, body: themeCss, contentType: contentTypeOf(themePath) });
    await this.#writePage(notFoundPath, {
      title: 'Page not found',
      address: '/404.html',
      body: notFoundView,
      headings: [],
    });
    for (const page of this.plan.pages) await this.#publishPage(page);
    const children = this.#childrenByFolder();
    for (const folder of this.plan.listings) {
      const title = titleOfPage({ folder, title: undefined }, this.input.title);
      const body = listingView(title, children.get(folder) ?? []);
      await this.#writePage(pageOutputPath(folder), { title, address: pageAddress(folder), body, headings: [] });
    }
    for (const [path, file] of this.plan.assets) {
      if (publicationOf(path).when === 'always' || this.#linked.has(path)) await this.#copy(file);
    }
  }

  async #publishPage(page: Page): Promise<void> {
    const body = this.#render(page);
    if (!body) return;
    await this.#writePage(pageOutputPath(page.folder), {
      title: titleOfPage(page, this.input.title),
      description: page.description,
      address: pageAddress(page.folder),
      body: body.html,
      headings: body.headings,
    });
  }

  #render(page: Page): PageBody | undefined {
    const link = (path: string) => void this.#linked.add(path);
    const publishSource = () => {
      if (!this.plan.assets.has(page.file)) return undefined;
      link(page.file);
      return this.plan.index.sourceAddress(page.file);
    };
    try {
      return page.render({ rewrite: createLinkRewriter(page, this.plan.index, this.problems, link), publishSource });
    } catch (error) {
      if (!(error instanceof PageTooComplexError)) throw error;
      this.problems.fail({ code: error.code, message: error.message, file: page.file });
      return undefined;
    }
  }

  async #writePage(path: string, view: PageView): Promise<void> {
    // Rendering blocks the event loop; between two pages timers and cancellation get their turn.
    await setImmediate();
    this.input.signal.throwIfAborted();
    const site = { title: this.input.title, navigation: this.navigation };
    await this.writer.add({ path, body: pageTemplate(site, view), contentType: contentTypeOf(path) });
  }

  /** Only what lies directly in a folder; folders that have nothing but folders list those. */
  #childrenByFolder(): Map<string, { href: string; title: string }[]> {
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

  async #copy(file: SourceFile): Promise<void> {
    this.input.signal.throwIfAborted();
    if (file.size !== undefined && !isSmallEnough(file, this.input, this.problems)) return;
    const body = await file.read();
    if (!isSmallEnough(file, this.input, this.problems, body.length)) return;
    if (isLfsPointer(body)) {
      const message = 'its content is in Git LFS, which is not fetched; it is not published';
      this.problems.warn({ code: 'lfs-pointer', message, file: file.path });
      return;
    }
    await this.writer.add({ path: file.path, body, contentType: contentTypeOf(file.path) });
  }
}
