import { pageAddress } from '../source/paths.rules.js';

export interface NavigationItem {
  readonly label: string;
  /** An address of the site, or of another site. Groups need none. */
  readonly href?: string;
  readonly items: readonly NavigationItem[];
}

export interface NavigationPage {
  readonly folder: string;
  readonly title: string;
}

interface Node {
  readonly name: string;
  // eslint-disable-next-line no-restricted-syntax -- pages are added to the tree of folders one by one
  page?: NavigationPage;
  readonly children: Map<string, Node>;
}

/**
 * Orders numbers in names by value: `2-install` before `10-upgrade`. The fixed locale gives the same order everywhere.
 */
const { compare } = new Intl.Collator('en', { numeric: true });

/** The navigation of a site without `sidebars.yaml`: its folders. A page with the name of a folder heads its group. */
export function navigationFromFolders(pages: readonly NavigationPage[]): NavigationItem[] {
  return new FolderTree(pages).itemsBelow('');
}

/** The pages of a site by folder. */
export class FolderTree {
  private readonly root: Node = { name: '', children: new Map() };

  constructor(pages: readonly NavigationPage[]) {
    for (const page of pages) nodeAt(this.root, page.folder).page = page;
  }

  /** The page of a folder, and after it the pages and folders below. */
  itemsBelow(folder: string): NavigationItem[] {
    const names = folder === '' ? [] : folder.split('/');
    const node = names.reduce<Node | undefined>((above, name) => above?.children.get(name), this.root);
    if (!node) return [];
    const page = node.page && { label: node.page.title, href: pageAddress(folder), items: [] };
    return [...(page ? [page] : []), ...itemsOf(node)];
  }
}

const ACRONYMS = new Set(['api', 'cli', 'faq', 'sdk']);

/** A folder's name as a title: `01-getting_started` → `Getting started`. */
export function titleOfFolder(folder: string): string {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const words = name
    .replace(/^@(?=.)|^\d+[-_. ]+(?=.)/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  if (ACRONYMS.has(words.toLowerCase())) return words.toUpperCase();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

function nodeAt(root: Node, folder: string): Node {
  let node = root;
  for (const name of folder === '' ? [] : folder.split('/')) {
    const child = node.children.get(name) ?? { name, children: new Map<string, Node>() };
    node.children.set(name, child);
    node = child;
  }
  return node;
}

function itemsOf(parent: Node): NavigationItem[] {
  return [...parent.children.values()]
    .sort((a, b) => compare(a.name, b.name) || (a.name < b.name ? -1 : 1))
    .map((node) => ({
      label: node.page?.title ?? titleOfFolder(node.name),
      ...(node.page && { href: pageAddress(node.page.folder) }),
      items: itemsOf(node),
    }));
}
