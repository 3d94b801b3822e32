import type { SiteIndex } from '../links/site-index.js';
import { resolveReference, type Reference } from '../links/links.rules.js';
import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import { isRecord, listOf, textOf } from '../syntax/values.rules.js';
import { lineAt, parseYaml } from '../syntax/yaml.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import type { NavigationItem } from './navigation.rules.js';

const FILE = 'sidebars.yaml';
/** Maximum depth of nested groups. */
const MAX_DEPTH = 8;

/**
 * Parses a `sidebars.yaml` of Redocly: a list of `page:`, `group:` with `items:` and an optional `page:`, `href:`, each
 * with an optional `label:`, and `separator:`. Reports and skips entries without a target.
 *
 * @returns undefined if the file is empty
 * @throws SourceSyntaxError if it is not YAML, or not a list
 * @see https://redocly.com/docs/realm/config/sidebar
 */
export function navigationFromSidebars(
  text: string,
  index: SiteIndex,
  titles: ReadonlyMap<string, string>,
  problems: ProblemLog,
  failed: ReadonlyMap<string, string>,
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
    /** Files of pages that failed, which is already reported. */
    private readonly failed: ReadonlyMap<string, string>,
  ) {}

  itemsOf(entries: readonly unknown[], depth: number): NavigationItem[] {
    if (depth < MAX_DEPTH) return entries.flatMap((entry) => this.itemOf(entry, depth));
    return this.leaveOut('sidebar-entry-invalid', `groups are nested deeper than ${MAX_DEPTH}`, 'items');
  }

  private itemOf(entry: unknown, depth: number): NavigationItem[] {
    if (!isRecord(entry)) {
      return this.leaveOut('sidebar-entry-invalid', 'an entry is neither a page nor a group', String(textOf(entry)));
    }
    const [group, label, page, href, separator] = ['group', 'label', 'page', 'href', 'separator'].map((key) =>
      textOf(entry[key]),
    );
    const target = page === undefined ? undefined : this.pageLink(page, label ?? group);
    if (group !== undefined) return this.group(entry, label ?? group, target, depth);
    if (target) return [{ ...target, items: [] }];
    if (page !== undefined) return [];
    if (href !== undefined) return this.link(href, label);
    if (separator !== undefined) return [{ label: separator, items: [] }];
    // A separator line has no text, so it is not rendered.
    if (entry['separatorLine'] !== undefined) return [];
    const message = 'an entry has no `page`, `group`, `href` or `separator`';
    return this.leaveOut('sidebar-entry-invalid', message, label ?? Object.keys(entry)[0] ?? '');
  }

  private group(
    entry: Record<string, unknown>,
    label: string,
    target: PageLink | undefined,
    depth: number,
  ): NavigationItem[] {
    const entries = listOf(entry['items']);
    const items = this.itemsOf(entries, depth + 1);
    if (items.length > 0 || target) return [{ label, ...(target && { href: target.href }), items }];
    // If it had entries, each of them was reported.
    if (entries.length > 0 || entry['page'] !== undefined) return [];
    const reason =
      entry['directory'] === undefined
        ? 'has no `items`'
        : 'has a `directory`, which is not supported: list its pages as `items`';
    return this.leaveOut('sidebar-entry-invalid', `the group ${JSON.stringify(label)} ${reason}`, label);
  }

  private pageLink(page: string, label: string | undefined): PageLink | undefined {
    const reference = resolveReference(page, FILE);
    if (reference.kind === 'path' && this.failed.has(reference.path)) return undefined;
    const target = this.pageOf(reference, label ?? page, label);
    if (!target) this.leaveOut('sidebar-page-missing', `the page ${JSON.stringify(page)} does not exist`, page);
    return target;
  }

  private pageOf(reference: Reference, otherwise: string, label: string | undefined): PageLink | undefined {
    const target = reference.kind === 'path' ? this.index.find(reference.path) : undefined;
    if (!target || target.asset !== undefined || reference.kind !== 'path') return undefined;
    return { label: label ?? this.titles.get(target.href) ?? otherwise, href: target.href + reference.suffix };
  }

  private link(href: string, label: string | undefined): NavigationItem[] {
    const reference = resolveReference(href, FILE);
    if (reference.kind === 'external') return [{ label: label ?? href, href: reference.href, items: [] }];
    const target = this.pageOf(reference, href, label);
    if (target) return [{ ...target, items: [] }];
    const quoted = JSON.stringify(href);
    return reference.kind === 'path'
      ? this.leaveOut('sidebar-page-missing', `${quoted} does not lead to a page`, href)
      : this.leaveOut('sidebar-entry-invalid', `${quoted} is neither a page nor the address of another site`, href);
  }

  private leaveOut(code: WarningCode, message: string, entry: string): [] {
    if (this.problems.full) return [];
    const position = this.text.indexOf(entry);
    this.problems.warn({ code, message, file: FILE, ...(position !== -1 && { line: lineAt(this.text, position) }) });
    return [];
  }
}
