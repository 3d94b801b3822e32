import type { SiteIndex } from '../links/site-index.js';
import { resolveReference } from '../links/links.rules.js';
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
 * `href:` to other sites, each with an optional `label:`. Entries that lead nowhere are reported and left out.
 *
 * @throws SourceSyntaxError if it is not YAML, or not a list
 * @see https://redocly.com/docs/realm/config/sidebar
 */
export function navigationFromSidebars(
  text: string,
  index: SiteIndex,
  titles: ReadonlyMap<string, string>,
  problems: ProblemLog,
  failed: ReadonlySet<string>,
): NavigationItem[] {
  const root = parseYaml(text);
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
    const [group, label, page, href] = ['group', 'label', 'page', 'href'].map((key) => textOf(entry[key]));
    const target = page === undefined ? undefined : this.#pageLink(page, label ?? group);
    if (group !== undefined) {
      const items = this.itemsOf(listOf(entry['items']), depth + 1);
      return items.length === 0 && !target
        ? []
        : [{ label: label ?? group, ...(target && { href: target.href }), items }];
    }
    if (target) return [{ ...target, items: [] }];
    if (page !== undefined) return [];
    if (href !== undefined) return this.#externalLink(href, label);
    const message = 'an entry has no `page`, `group` or `href`';
    return this.#leaveOut('sidebar-entry-invalid', message, label ?? Object.keys(entry)[0] ?? '');
  }

  #pageLink(page: string, label: string | undefined): PageLink | undefined {
    const reference = resolveReference(page, file);
    const target = reference.kind === 'path' ? this.index.find(reference.path) : undefined;
    if (target && target.asset === undefined)
      return { label: label ?? this.titles.get(target.href) ?? page, href: target.href };
    if (reference.kind === 'path' && this.failed.has(reference.path)) return undefined;
    this.#leaveOut('sidebar-page-missing', `the page ${JSON.stringify(page)} does not exist`, page);
    return undefined;
  }

  #externalLink(href: string, label: string | undefined): NavigationItem[] {
    const reference = resolveReference(href, file);
    return reference.kind === 'external'
      ? [{ label: label ?? href, href: reference.href, items: [] }]
      : this.#leaveOut('sidebar-entry-invalid', `${JSON.stringify(href)} is not the address of another site`, href);
  }

  #leaveOut(code: WarningCode, message: string, wanted: string): [] {
    const position = this.text.indexOf(wanted);
    this.problems.warn({ code, message, file, ...(position !== -1 && { line: lineAt(this.text, position) }) });
    return [];
  }
}
