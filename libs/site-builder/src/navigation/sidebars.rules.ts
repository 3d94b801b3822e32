import type { SiteIndex } from '../links/site-index.js';
import { resolveReference, type Reference } from '../links/links.rules.js';
import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import { isRecord, listOf, textOf } from '../syntax/values.rules.js';
import { lineAt, parseYaml } from '../syntax/yaml.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import type { NavigationItem } from './navigation.rules.js';

const file = 'sidebars.yaml';
/** Groups in groups; nobody reads deeper. */
const maxDepth = 8;

/**
 * Reads a `sidebars.yaml` in Redocly's form: a list of `page:`, of `group:` with `items:` (and perhaps a `page:`), of
 * `href:` to this site or others, each with an optional `label:`, and of `separator:`. Entries that lead nowhere are
 * reported and left out.
 *
 * @returns undefined if nothing is in it
 * @throws SourceSyntaxError if it is not YAML, or not a list
 * @see https://redocly.com/docs/realm/config/sidebar
 */
export function navigationFromSidebars(
  text: string,
  index: SiteIndex,
  titles: ReadonlyMap<string, string>,
  problems: ProblemLog,
  failed: ReadonlySet<string>,
): NavigationItem[] | undefined {
  const root = parseYaml(text);
  if (root === undefined || root === null) return undefined;
  if (!Array.isArray(root)) throw new SourceSyntaxError('it is not a list of pages and groups', 1);
  return new SidebarReader(text, index, titles, problems, failed).itemsOf(root, 0);
}

interface PageLink {
  readonly label: string;
  readonly href: string;
}

class SidebarReader {
  constructor(
    private readonly text: string,
    private readonly index: SiteIndex,
    private readonly titles: ReadonlyMap<string, string>,
    private readonly problems: ProblemLog,
    /** Files whose pages could not be made; that is said already. */
    private readonly failed: ReadonlySet<string>,
  ) {}

  itemsOf(entries: readonly unknown[], depth: number): NavigationItem[] {
    if (depth < maxDepth) return entries.flatMap((entry) => this.#itemOf(entry, depth));
    return this.#leaveOut('sidebar-entry-invalid', `groups are nested deeper than ${maxDepth}`, 'items');
  }

  #itemOf(entry: unknown, depth: number): NavigationItem[] {
    if (!isRecord(entry)) {
      return this.#leaveOut('sidebar-entry-invalid', 'an entry is neither a page nor a group', String(textOf(entry)));
    }
    const [group, label, page, href, separator] = ['group', 'label', 'page', 'href', 'separator'].map((key) =>
      textOf(entry[key]),
    );
    const target = page === undefined ? undefined : this.#pageLink(page, label ?? group);
    if (group !== undefined) return this.#group(entry, label ?? group, target, depth);
    if (target) return [{ ...target, items: [] }];
    if (page !== undefined) return [];
    if (href !== undefined) return this.#link(href, label);
    if (separator !== undefined) return [{ label: separator, items: [] }];
    // A line is nothing to read; the pages before and after it are still apart by what they are called.
    if (entry['separatorLine'] !== undefined) return [];
    const message = 'an entry has no `page`, `group`, `href` or `separator`';
    return this.#leaveOut('sidebar-entry-invalid', message, label ?? Object.keys(entry)[0] ?? '');
  }

  #group(entry: Record<string, unknown>, label: string, target: PageLink | undefined, depth: number): NavigationItem[] {
    const entries = listOf(entry['items']);
    const items = this.itemsOf(entries, depth + 1);
    if (items.length > 0 || target) return [{ label, ...(target && { href: target.href }), items }];
    // Where it had entries, each of them was reported.
    if (entries.length > 0 || entry['page'] !== undefined) return [];
    const reason =
      entry['directory'] === undefined
        ? 'has no `items`'
        : 'has a `directory`, which is not read: list its pages as `items`';
    return this.#leaveOut('sidebar-entry-invalid', `the group ${JSON.stringify(label)} ${reason}`, label);
  }

  #pageLink(page: string, label: string | undefined): PageLink | undefined {
    const reference = resolveReference(page, file);
    if (reference.kind === 'path' && this.failed.has(reference.path)) return undefined;
    const target = this.#pageOf(reference, label ?? page, label);
    if (!target) this.#leaveOut('sidebar-page-missing', `the page ${JSON.stringify(page)} does not exist`, page);
    return target;
  }

  #pageOf(reference: Reference, otherwise: string, label: string | undefined): PageLink | undefined {
    const target = reference.kind === 'path' ? this.index.find(reference.path) : undefined;
    if (!target || target.asset !== undefined || reference.kind !== 'path') return undefined;
    return { label: label ?? this.titles.get(target.href) ?? otherwise, href: target.href + reference.suffix };
  }

  #link(href: string, label: string | undefined): NavigationItem[] {
    const reference = resolveReference(href, file);
    if (reference.kind === 'external') return [{ label: label ?? href, href: reference.href, items: [] }];
    const target = this.#pageOf(reference, href, label);
    if (target) return [{ ...target, items: [] }];
    const quoted = JSON.stringify(href);
    return reference.kind === 'path'
      ? this.#leaveOut('sidebar-page-missing', `${quoted} leads to no page`, href)
      : this.#leaveOut('sidebar-entry-invalid', `${quoted} is not the address of a page or of another site`, href);
  }

  #leaveOut(code: WarningCode, message: string, wanted: string): [] {
    if (this.problems.full) return [];
    const position = this.text.indexOf(wanted);
    this.problems.warn({ code, message, file, ...(position !== -1 && { line: lineAt(this.text, position) }) });
    return [];
  }
}
