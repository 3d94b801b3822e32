import { ancestorsOf, encodePath, pageAddress, pageFolder } from '../source/paths.rules.js';

/** The address of a path of the repository. */
export interface Target {
  readonly href: string;
  /** Set for a page and for the list of a folder. */
  readonly folder?: string;
  /** Set for a file that is copied. */
  readonly asset?: string;
}

/** Other names of a page: `start.html` for `start`, and `README.md` if another file is the page of the folder. */
const PAGE_ALIAS = /\.html?$|(?:^|\/)(?:index|readme)\.[^./]+$/i;

/** All addresses of the site, known before the first page is rendered. */
export class SiteIndex {
  private readonly pageByFile = new Map<string, string>();
  private readonly folders = new Set<string>();
  private readonly assets: ReadonlySet<string>;
  private readonly unpublished: ReadonlyMap<string, string>;
  private readonly moved: ReadonlyMap<string, string>;

  constructor(
    pages: Iterable<{ readonly folder: string; readonly file?: string }>,
    /** Paths of files that are, or can be, copied. */
    assets: ReadonlySet<string>,
    /** Why existing files are not published, by path. A folder stands for the files below it. */
    unpublished: ReadonlyMap<string, string>,
    /** Paths in the site of files that are copied elsewhere than to their own path. */
    moved: ReadonlyMap<string, string> = new Map(),
  ) {
    this.assets = assets;
    this.unpublished = unpublished;
    this.moved = moved;
    for (const { folder, file } of pages) {
      this.folders.add(folder);
      if (file !== undefined) this.pageByFile.set(file, folder);
    }
  }

  /** Finds a page by its file, its address with or without `.html`, or its folder; or a file to copy. */
  find(path: string): Target | undefined {
    const page = this.pageByFile.get(path);
    if (page !== undefined) return pageTarget(page);
    const asset = this.moved.get(path) ?? path;
    if (this.assets.has(asset)) return { href: `/${encodePath(asset)}`, asset };
    if (this.folders.has(path)) return pageTarget(path);
    const folder = PAGE_ALIAS.test(path) ? pageFolder(path) : path;
    return this.folders.has(folder) ? pageTarget(folder) : undefined;
  }

  /** The address of the file itself, even if a page is made from it. */
  sourceAddress(path: string): string {
    return `/${encodePath(this.moved.get(path) ?? path)}`;
  }

  /** Why an existing file is not published, or undefined if no such file is known. */
  unpublishedReason(path: string): string | undefined {
    if (this.unpublished.size === 0) return undefined;
    const above = ancestorsOf(path).reverse();
    const entry = [path, ...above].find((name) => this.unpublished.has(name));
    return entry === undefined ? undefined : this.unpublished.get(entry);
  }
}

function pageTarget(folder: string): Target {
  return { href: pageAddress(folder), folder };
}
