import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import { lineAt } from '../syntax/yaml.rules.js';
import { resolveLink, type LinkAnswer } from './page-links.js';
import type { SiteIndex } from './site-index.js';

/** What a page has to be linked to: the ids of its elements. */
export interface Anchored {
  readonly folder: string;
  readonly ids: ReadonlySet<string>;
  /** Where not all are known: those of the operations of an API description. */
  readonly operations: ReadonlySet<string>;
}

/** What Redoc calls an operation behind the name of its tag; of its other ids the browser alone knows. */
const operationIn = /(?:^|\/)(operation\/.+)$/;

interface Fault extends Pick<LinkAnswer, 'from' | 'reference'> {
  readonly code: WarningCode;
  readonly reason: string;
}

interface FragmentLink extends Pick<LinkAnswer, 'from' | 'reference'> {
  readonly folder: string;
  readonly fragment: string;
}

/** Links to places in other pages that are remembered until all pages are known; a site that has more is not for readers. */
const maxFragments = 100_000;

/** Follows the links of every page: what they publish, and where they lead nowhere. */
export class LinkReport {
  /** The files that pages link to. */
  readonly linked = new Set<string>();
  readonly #fragments: FragmentLink[] = [];
  readonly #ids = new Map<string, ReadonlySet<string>>();
  readonly #operations = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly index: SiteIndex,
    private readonly sources: ReadonlyMap<string, SourceFile>,
    private readonly problems: ProblemLog,
  ) {}

  /** @param page without ids where they are not known: nothing is said about links to those, but to its operations */
  async add(page: Pick<Anchored, 'folder'> & Partial<Anchored>, links: readonly LinkAnswer[]): Promise<void> {
    if (page.ids) this.#ids.set(page.folder, page.ids);
    if (page.operations) this.#operations.set(page.folder, page.operations);
    const faults: Fault[] = [];
    for (const { from, reference } of links) {
      const link = resolveLink(reference, from, this.index);
      if (link.kind === 'asset') this.linked.add(link.asset);
      else if (link.kind === 'fault') faults.push({ from, reference, ...link });
      else if (link.kind === 'page' && link.fragment !== '' && this.#fragments.length < maxFragments)
        this.#fragments.push({ from, reference, fragment: link.fragment, folder: link.folder ?? page.folder });
    }
    await this.#report(faults);
  }

  /** To be called when every page has been added: now it is known which places there are. */
  async finish(): Promise<void> {
    const missing = this.#fragments.filter((link) => this.#isMissing(link));
    const reason = 'leads to no heading or anchor of the page';
    await this.#report(missing.map((link) => ({ ...link, code: 'anchor-missing', reason })));
  }

  #isMissing({ folder, fragment }: FragmentLink): boolean {
    const ids = this.#ids.get(folder);
    if (ids) return !ids.has(fragment) && fragment !== 'top' && !fragment.startsWith(':~:');
    const [, operation] = operationIn.exec(fragment) ?? [];
    return operation !== undefined && this.#operations.get(folder)?.has(operation) === false;
  }

  async #report(faults: readonly Fault[]): Promise<void> {
    let text: { readonly of: string; readonly content: string } | undefined;
    for (const { from, reference, code, reason } of faults) {
      if (this.problems.full) return;
      if (text?.of !== from) text = { of: from, content: await this.#textOf(from) };
      const position = positionOf(reference, text.content);
      this.problems.warn({
        code,
        message: `${JSON.stringify(shorten(reference))} ${reason}`,
        file: from,
        ...(position !== -1 && { line: lineAt(text.content, position) }),
        target: shorten(reference),
      });
    }
  }

  async #textOf(file: string): Promise<string> {
    return (await this.sources.get(file)?.read())?.toString('utf8') ?? '';
  }
}

/** Where a reference is written, most likely: behind what precedes one in Markdown or HTML, else wherever it stands. */
function positionOf(reference: string, text: string): number {
  for (const before of ['(', '"', '<', '=', "'", ']: ', '']) {
    const position = text.indexOf(before + reference);
    if (position !== -1) return position;
  }
  return -1;
}

function shorten(reference: string): string {
  return reference.length > 120 ? `${reference.slice(0, 119)}…` : reference;
}
