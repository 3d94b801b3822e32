import { encodePath, pageAddress, pageFolder } from '../source/paths.rules.js';

/** Where a path of the repository is found in the site. */
export interface Target {
  readonly href: string;
  /** Set if it is a page, or the list of a folder. */
  readonly folder?: string;
  /** Set if it is a file that is copied, not a page. */
  readonly asset?: string;
}

/** `start.html` for the page `start`, and `README.md` where another file became the page of the folder. */
const otherNameOfPage = /\.html?$|(?:^|\/)(?:index|readme)\.[^./]+$/i;

/** Knows every address of the site before the first page is rendered. */
export class SiteIndex {
  readonly #pageByFile = new Map<string, string>();
  readonly #folders = new Set<string>();
  readonly #assets: ReadonlySet<string>;
  readonly #unpublished: ReadonlySet<string>;

  constructor(
    pages: Iterable<{ readonly folder: string; readonly file?: string }>,
    /** Paths of files that are, or can be, copied. */
    assets: ReadonlySet<string>,
    /** Paths of files that exist and are never published. */
    unpublished: ReadonlySet<string>,
  ) {
    this.#assets = assets;
    this.#unpublished = unpublished;
    for (const { folder, file } of pages) {
      this.#folders.add(folder);
      if (file !== undefined) this.#pageByFile.set(file, folder);
    }
  }

  /** Finds a page by its file, its address without or with `.html`, or its folder; else a file to copy. */
  find(path: string): Target | undefined {
    const page = this.#pageByFile.get(path);
    if (page !== undefined) return pageTarget(page);
    if (this.#assets.has(path)) return { href: this.sourceAddress(path), asset: path };
    if (this.#folders.has(path)) return pageTarget(path);
    const folder = otherNameOfPage.test(path) ? pageFolder(path) : path;
    return this.#folders.has(folder) ? pageTarget(folder) : undefined;
  }

  /** The address of a file itself, also if a page is made of it. */
  sourceAddress(path: string): string {
    return `/${encodePath(path)}`;
  }

  isUnpublished(path: string): boolean {
    return this.#unpublished.has(path);
  }
}

function pageTarget(folder: string): Target {
  return { href: pageAddress(folder), folder };
}
