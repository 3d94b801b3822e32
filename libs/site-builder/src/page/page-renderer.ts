import type { SiteConfiguration } from '../configuration/site-configuration.js';
import type { RenderedPages } from '../cache/rendered-pages.js';
import { LinkReport } from '../links/link-report.js';
import { answerOf, PageLinks, resolveLink, type CheckedLink } from '../links/page-links.js';
import type { ProblemLog } from '../problem-log.js';
import { searchEntryOf } from '../search/search-index.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import type { SitePlan } from '../site-plan.js';
import type { Page, RenderedPage } from './page.js';
import { contentErrorOf } from './content-error.rules.js';

interface Sources {
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly partials: ReadonlyMap<string, string>;
  readonly configuration: SiteConfiguration;
}

/** A page, and its links in this site. */
interface CheckedPage {
  readonly body: RenderedPage;
  readonly links: readonly CheckedLink[];
}

/** Renders pages, or reuses those of an earlier build if they would be identical. */
export class PageRenderer {
  readonly links: LinkReport;
  private renderedCount = 0;

  constructor(
    private readonly input: BuildInput,
    private readonly plan: SitePlan,
    private readonly files: Sources,
    private readonly cache: RenderedPages,
    private readonly problems: ProblemLog,
  ) {
    this.links = new LinkReport(files.sources, problems);
  }

  /** Number of pages that were rendered and not taken from the cache. */
  get rendered(): number {
    return this.renderedCount;
  }

  /** @returns undefined if the page cannot be rendered, which is reported */
  async body(page: Page): Promise<RenderedPage | undefined> {
    const { body, links } = this.reuse(page.earlier) ?? (await this.render(page)) ?? {};
    if (!body || !links) return undefined;
    for (const error of body.errors ?? []) this.problems.fail(error);
    for (const warning of body.warnings) this.problems.warn(warning);
    const ids = () => new Set([...body.headings.map(({ id }) => id), ...(body.anchors ?? [])]);
    await this.links.add({ folder: page.folder, ids, isReference: body.anchors === undefined }, links);
    return body;
  }

  /**
   * Returns the page of an earlier build if all its links still lead to the same addresses, and the settings ignore the same
   * files: another branch may show a file that this one ignores.
   */
  private reuse(body: RenderedPage | undefined): CheckedPage | undefined {
    if (!body) return undefined;
    const links: CheckedLink[] = [];
    for (const { reference, from, answer } of body.links) {
      const target = resolveLink(reference, from, this.plan.index);
      if (answerOf(target) !== answer) return undefined;
      links.push({ reference, from, target });
    }
    const { ignored } = this.files.configuration;
    const isSame = body.includes.every(({ file, ignored: was }) => was === undefined || was === ignored.has(file));
    return isSame ? { body, links } : undefined;
  }

  private async render(page: Page): Promise<CheckedPage | undefined> {
    this.renderedCount += 1;
    const pageLinks = new PageLinks(this.plan.index);
    const context = {
      rewriter: (file: string) => pageLinks.rewriter(file),
      limits: this.input.limits,
      ignored: this.files.configuration.ignored,
      ...this.files,
    };
    try {
      const { text, ...body } = await page.render(context);
      const search = searchEntryOf({ title: page.title, headings: body.headings, text });
      const { links } = pageLinks;
      const answers = links.map(({ from, reference, target }) => ({ from, reference, answer: answerOf(target) }));
      const rendered = { ...body, search, links: answers };
      return { body: await this.cache.keep(page, rendered, this.files.sources), links };
    } catch (error) {
      const { code, message, line } = contentErrorOf(error, 'openapi-invalid');
      this.problems.fail({ code, message, file: page.file, ...(line !== undefined && { line }) });
      return undefined;
    }
  }
}
