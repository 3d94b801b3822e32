import type { SiteIndex } from '../links/site-index.js';
import { resolveReference, type Reference } from '../links/links.rules.js';
import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import { pageAddress } from '../source/paths.rules.js';
import { isRecord, listOf, textOf } from '../syntax/values.rules.js';
import { lineAt, parseYaml } from '../syntax/yaml.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { FolderTree, type NavigationItem, type NavigationPage } from './navigation.rules.js';

const FILE = 'sidebars.yaml';
/** Maximum depth of nested groups. */
const MAX_DEPTH = 8;
/** Maximum number of items that `directory` entries add: each can add all pages of the site. */
const MAX_DIRECTORY_ITEMS = 50_000;

/**
 * Parses a `sidebars.yaml` of Redocly: a list of `page:`, `group:` with `items:`, `directory:` or both and an optional `page:`,
 * `href:`, each with an optional `label:`, and `separator:`. A `directory:` stands for the pages of a folder; outside of a group
 * and without a label, they are inserted at its place. Reports and skips entries without a target.
 *
 * @param pages the pages of the site
 * @returns undefined if the file is empty
 * @throws SourceSyntaxError if it is not YAML, or not a list
 * @see https://redocly.com/docs/realm/config/sidebar
 */
export function navigationFromSidebars(
  text: string,
  index: SiteIndex,
  pages: readonly NavigationPage[],
  problems: ProblemLog,
  failed: ReadonlyMap<string, string>,
): NavigationItem[] | undefined {
  const root = parseYaml(text);
  if (root === undefined || root === null) return undefined;
  if (!Array.isArray(root)) throw new SourceSyntaxError('it is not a list of pages and groups', 1);
  return new SidebarReader(text, index, pages, problems, failed).itemsOf(root, 0);
}

interface PageLink {
  readonly label: string;
  readonly href: string;
}

class SidebarReader {
  private readonly titles: ReadonlyMap<string, string>;
  private folders: FolderTree | undefined;
  private directoryItems = 0;

  constructor(
    private readonly text: string,
    private readonly index: SiteIndex,
    private readonly pages: readonly NavigationPage[],
    private readonly problems: ProblemLog,
    /** Files of pages that failed, which is already reported. */
    private readonly failed: ReadonlyMap<string, string>,
  ) {
    this.titles = new Map(pages.map(({ folder, title }) => [pageAddress(folder), title]));
  }

  itemsOf(entries: readonly unknown[], depth: number): NavigationItem[] {
    if (depth < MAX_DEPTH) return entries.flatMap((entry) => this.itemOf(entry, depth));
    return this.leaveOut('sidebar-entry-invalid', `groups are nested deeper than ${MAX_DEPTH}`, 'items');
  }

  private itemOf(entry: unknown, depth: number): NavigationItem[] {
    if (!isRecord(entry)) {
      return this.leaveOut('sidebar-entry-invalid', 'an entry is neither a page nor a group', String(textOf(entry)));
    }
    const keys = ['group', 'label', 'page', 'href', 'separator', 'directory'];
    const [group, label, page, href, separator, directory] = keys.map((key) => textOf(entry[key]));
    const target = page === undefined ? undefined : this.pageLink(page, label ?? group);
    const named = group ?? (directory === undefined ? undefined : label);
    if (named !== undefined) return this.group(entry, label ?? named, target, depth);
    if (target) return [{ ...target, items: [] }];
    if (page !== undefined) return [];
    if (directory !== undefined) return this.directory(directory);
    if (href !== undefined) return this.link(href, label);
    if (separator !== undefined) return [{ label: separator, items: [] }];
    // A separator line has no text, so it is not rendered.
    if (entry['separatorLine'] !== undefined) return [];
    const message = 'an entry has no `page`, `group`, `directory`, `href` or `separator`';
    return this.leaveOut('sidebar-entry-invalid', message, label ?? Object.keys(entry)[0] ?? '');
  }

  private group(
    entry: Record<string, unknown>,
    label: string,
    target: PageLink | undefined,
    depth: number,
  ): NavigationItem[] {
    const entries = listOf(entry['items']);
    const directory = textOf(entry['directory']);
    const below = directory === undefined ? [] : this.directory(directory);
    const items = [
      ...this.itemsOf(entries, depth + 1),
      // The page of the folder heads the group already.
      ...below.filter(({ href, items: inside }) => inside.length > 0 || href === undefined || href !== target?.href),
    ];
    if (items.length > 0 || target) return [{ label, ...(target && { href: target.href }), items }];
    // If it had entries, each of them was reported.
    if (entries.length > 0 || entry['page'] !== undefined || directory !== undefined) return [];
    return this.leaveOut('sidebar-entry-invalid', `the group ${JSON.stringify(label)} has no \`items\``, label);
  }

  /** The pages of a folder, by the names of their files. */
  private directory(written: string): NavigationItem[] {
    const quoted = JSON.stringify(written.slice(0, 120));
    const reference = resolveReference(written, FILE);
    if (reference.kind !== 'path' || reference.suffix !== '') {
      return this.leaveOut('sidebar-entry-invalid', `${quoted} is not a folder of the site`, written);
    }
    if (this.directoryItems > MAX_DIRECTORY_ITEMS) {
      const message = `folders have more than ${MAX_DIRECTORY_ITEMS} pages together; ${quoted} is left out`;
      return this.leaveOut('sidebar-entry-invalid', message, written);
    }
    this.folders ??= new FolderTree(this.pages);
    const items = this.folders.itemsBelow(reference.path);
    if (items.length === 0) this.leaveOut('sidebar-page-missing', `the folder ${quoted} has no pages`, written);
    this.directoryItems += sizeOf(items);
    return items;
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

function sizeOf(items: readonly NavigationItem[]): number {
  return items.reduce((sum, item) => sum + 1 + sizeOf(item.items), 0);
}
