import type { Heading } from '../markdown/headings.rules.js';
import { RESERVED_FOLDER } from '../source/paths.rules.js';

export const SEARCH_INDEX_PATH = `${RESERVED_FOLDER}/search.json`;

/** In characters. Browsers load the whole index with the first search. */
const MAX_LENGTH = 4_000_000;
const MAX_TEXT = 160;

/** The search index: titles of pages, and headings up to a size limit. */
export class SearchIndex {
  private readonly pages: string[] = [];
  private length = 0;
  private isCut = false;

  /** True if headings were left out. */
  get cut(): boolean {
    return this.isCut;
  }

  add(title: string, address: string, headings: readonly Heading[]): void {
    const entries = headings
      .filter(({ level, text }) => level > 1 && level < 5 && text !== title)
      .map(({ text, id }) => [text.slice(0, MAX_TEXT), id]);
    const page = [title.slice(0, MAX_TEXT), address];
    const entry = JSON.stringify([...page, entries]);
    const fits = this.length + entry.length <= MAX_LENGTH;
    this.isCut ||= !fits;
    this.pages.push(fits ? entry : JSON.stringify([...page, []]));
    this.length += fits ? entry.length : page.join().length;
  }

  /**
   * A list of `[title, address, [[heading, id], …]]`. The browser builds the index from it, which is faster than
   * loading one.
   */
  toString(): string {
    return `[${this.pages.join(',\n')}]`;
  }
}
