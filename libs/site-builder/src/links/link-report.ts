import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import type { CheckedLink } from './page-links.js';
import { linesOf } from './reference-lines.rules.js';

/** The anchors of a page. */
export interface Anchored {
  readonly folder: string;
  /** Called if a page links to an anchor of this page. */
  readonly ids: () => ReadonlySet<string>;
  /** True for the page of an API description: these are its operations, and the browser creates other ids. */
  readonly isReference?: boolean;
}

/** The operation in a fragment of Redoc, after the name of its tag. */
const OPERATION_FRAGMENT = /(?:^|\/)(operation\/.+)$/;

interface BrokenLink extends Pick<CheckedLink, 'from' | 'reference'> {
  readonly code: WarningCode;
  readonly reason: string;
}

interface FragmentLink extends Pick<CheckedLink, 'from' | 'reference'> {
  readonly folder: string;
  readonly fragment: string;
}

/** Maximum number of links to anchors, and to files, that are checked after all pages are rendered. */
const MAX_CHECKED = 100_000;

/** Collects the files that pages link to, and reports broken links. */
export class LinkReport {
  /** The files that pages link to. */
  readonly linked = new Set<string>();
  private readonly fragments: FragmentLink[] = [];
  private readonly assetLinks = new Map<string, Pick<CheckedLink, 'from' | 'reference'>[]>();
  private assetLinkCount = 0;
  private readonly pages = new Map<string, Anchored>();
  private readonly idsByFolder = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly sources: ReadonlyMap<string, SourceFile>,
    private readonly problems: ProblemLog,
  ) {}

  async add(page: Anchored, links: readonly CheckedLink[]): Promise<void> {
    this.pages.set(page.folder, page);
    const broken: BrokenLink[] = [];
    for (const { from, reference, target: link } of links) {
      if (link.kind === 'asset') this.addAssetLink(link.asset, { from, reference });
      else if (link.kind === 'broken') broken.push({ from, reference, ...link });
      else if (link.kind === 'page' && link.fragment !== '' && this.fragments.length < MAX_CHECKED)
        this.fragments.push({
          from,
          reference,
          fragment: link.fragment,
          folder: link.folder ?? page.folder,
        });
    }
    await this.report(broken);
  }

  /** Reports the links to a file that turned out to be unpublishable. */
  async addUnpublished(asset: string, reason: string): Promise<void> {
    const links = this.assetLinks.get(asset) ?? [];
    const message = `leads to a file that is not published: ${reason}`;
    await this.report(
      links.map((link) => ({
        ...link,
        code: 'file-not-published',
        reason: message,
      })),
    );
  }

  private addAssetLink(asset: string, link: Pick<CheckedLink, 'from' | 'reference'>): void {
    this.linked.add(asset);
    if (this.assetLinkCount >= MAX_CHECKED) return;
    this.assetLinkCount += 1;
    const links = this.assetLinks.get(asset) ?? [];
    links.push({ from: link.from, reference: link.reference });
    this.assetLinks.set(asset, links);
  }

  /** Checks links to anchors. Call it after all pages were added. */
  async finish(): Promise<void> {
    const missing = this.fragments.filter((link) => this.isMissing(link));
    const reason = 'does not match a heading or anchor of the page';
    await this.report(missing.map((link) => ({ ...link, code: 'anchor-missing', reason })));
  }

  private isMissing({ folder, fragment }: FragmentLink): boolean {
    const page = this.pages.get(folder);
    if (!page) return false;
    const ids = this.idsByFolder.get(folder) ?? page.ids();
    this.idsByFolder.set(folder, ids);
    if (page.isReference !== true) return !ids.has(fragment) && fragment !== 'top' && !fragment.startsWith(':~:');
    const [, operation] = OPERATION_FRAGMENT.exec(fragment) ?? [];
    return operation !== undefined && !ids.has(operation);
  }

  private async report(broken: readonly BrokenLink[]): Promise<void> {
    let text: { readonly of: string; readonly content: string } | undefined;
    for (const { from, reference, code, reason } of broken) {
      if (this.problems.full) return;
      if (text?.of !== from) text = { of: from, content: await this.textOf(from) };
      const { content } = text;
      const lines = linesOf(reference, content);
      const warning = {
        code,
        message: `${JSON.stringify(shorten(reference))} ${reason}`,
        file: from,
        target: shorten(reference),
      };
      if (lines.length === 0) this.problems.warn(warning);
      for (const line of lines) this.problems.warn({ ...warning, line });
    }
  }

  private async textOf(file: string): Promise<string> {
    return (await this.sources.get(file)?.read())?.toString('utf8') ?? '';
  }
}

function shorten(reference: string): string {
  return reference.length > 120 ? `${reference.slice(0, 119)}…` : reference;
}
