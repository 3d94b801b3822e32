import type { Page } from '@reunite/contracts';
import type { Path } from './paths.js';
import { withQuery } from './paths.js';
import { ProblemError } from './problem.error.js';

type ReadPage<Item> = (path: Path<Page<Item>>) => Promise<Page<Item>>;

/** The loaded pages of a list, combined. */
export class ShownPages<Item> {
  private count = 1;
  private shown: Page<Item> | undefined;
  private wantsNext = false;
  private reading: 'all' | 'next' | null = null;

  constructor(readonly path: Path<Page<Item>>) {}

  /** Requests the next page; `load` reads it. @returns false if a request is pending already */
  more(): boolean {
    if (this.reading === 'next') return false;
    this.count += 1;
    // After a read of all pages, changes during that read are read again anyway, with this page.
    this.wantsNext = this.reading === null;
    return true;
  }

  /**
   * Reads the requested next page, or else all shown pages from the start, so that live changes cannot leave gaps or
   * duplicates in the list.
   */
  async load(read: ReadPage<Item>): Promise<Page<Item>> {
    const before = this.wantsNext ? this.shown : undefined;
    this.wantsNext = false;
    this.reading = before ? 'next' : 'all';
    try {
      this.shown = before ? await this.append(before, read) : await this.fromStart(read);
    } catch (error) {
      if (!isOutdated(error) || this.count === 1) throw error;
      this.count = 1;
      this.shown = await this.fromStart(read);
    } finally {
      this.reading = null;
    }
    return this.shown;
  }

  private async fromStart(read: ReadPage<Item>): Promise<Page<Item>> {
    let pages = await read(this.path);
    for (let page = 1; page < this.count; page += 1) pages = await this.append(pages, read);
    return pages;
  }

  private async append(pages: Page<Item>, read: ReadPage<Item>): Promise<Page<Item>> {
    if (pages.endCursor === null) return pages;
    const { items, endCursor } = await read(withQuery(this.path, { after: pages.endCursor }));
    return { items: [...pages.items, ...items], endCursor };
  }
}

/** True if the cursor is outdated: then the list starts again from the first page. */
function isOutdated(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 409;
}
