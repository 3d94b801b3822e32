import type { SiteConfiguration } from '../configuration/site-configuration.js';
import type { RenderedPages } from '../cache/rendered-pages.js';
import { LinkReport } from '../links/link-report.js';
import { answerOf, PageLinks, resolveLink } from '../links/page-links.js';
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
    this.links = new LinkReport(plan.index, files.sources, problems);
  }

  /** Number of pages that were rendered and not taken from the cache. */
  get rendered(): number {
    return this.renderedCount;
  }

  /** @returns undefined if the page cannot be rendered, which is reported */
  async body(page: Page): Promise<RenderedPage | undefined> {
    const { earlier } = page;
    const body = earlier && this.isSame(earlier) ? earlier : await this.render(page);
    if (!body) return undefined;
    for (const error of body.errors ?? []) this.problems.fail(error);
    for (const warning of body.warnings) this.problems.warn(warning);
    const ids = new Set([...body.headings.map(({ id }) => id), ...(body.anchors ?? [])]);
    await this.links.add({ folder: page.folder, ...(body.anchors ? { ids } : { operations: ids }) }, body.links);
    return body;
  }

  /**
   * True if all links of an unchanged page still lead to the same addresses, and the settings ignore the same files: another
   * branch may show a file that this one ignores.
   */
  private isSame({ links, includes }: RenderedPage): boolean {
    const { index } = this.plan;
    const { ignored } = this.files.configuration;
    return (
      links.every(({ reference, from, answer }) => answerOf(resolveLink(reference, from, index)) === answer) &&
      includes.every((include) => include.ignored === undefined || include.ignored === ignored.has(include.file))
    );
  }

  private async render(page: Page): Promise<RenderedPage | undefined> {
    this.renderedCount += 1;
    const links = new PageLinks(this.plan.index);
    const context = {
      rewriter: (file: string) => links.rewriter(file),
      limits: this.input.limits,
      ignored: this.files.configuration.ignored,
      ...this.files,
    };
    try {
      const { text, ...body } = await page.render(context);
      const search = searchEntryOf({ title: page.title, headings: body.headings, text });
      return await this.cache.keep(page, { ...body, search, links: links.answers }, this.files.sources);
    } catch (error) {
      const { code, message, line } = contentErrorOf(error, 'openapi-invalid');
      this.problems.fail({ code, message, file: page.file, ...(line !== undefined && { line }) });
      return undefined;
    }
  }
}
