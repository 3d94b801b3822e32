import type { Heading } from '../markdown/headings.rules.js';
import { RESERVED_FOLDER } from '../source/paths.rules.js';

export const SEARCH_INDEX_PATH = `${RESERVED_FOLDER}/search.json`;

/** In characters. Browsers load the whole index with the first search. */
const MAX_LENGTH = 4_000_000;
const MAX_TEXT = 160;

/** A page as the search finds it. */
interface SearchablePage {
  readonly title: string;
  readonly address: string;
  readonly headings: readonly Heading[];
  readonly text: string | undefined;
}

/** The search index: titles of pages, and headings and texts up to a size limit. */
export class SearchIndex {
  private readonly pages: string[] = [];
  private length = 0;
  private isCut = false;

  /** True if headings or texts were left out. */
  get cut(): boolean {
    return this.isCut;
  }

  add({ title, address, headings, text }: SearchablePage): void {
    const entries = headings
      .filter(({ level, text: heading }) => level > 1 && level < 5 && heading !== title)
      .map(({ text: heading, id }) => [heading.slice(0, MAX_TEXT), id]);
    const page = [title.slice(0, MAX_TEXT), address];
    // From the most complete to the shortest one, which always fits: a page must be found by its title.
    const candidates = [...(text ? [[...page, entries, text]] : []), [...page, entries]].map((one) =>
      JSON.stringify(one),
    );
    const fitting = candidates.find((entry) => this.length + entry.length <= MAX_LENGTH);
    this.isCut ||= fitting !== candidates[0];
    const entry = fitting ?? JSON.stringify([...page, []]);
    this.pages.push(entry);
    this.length += entry.length;
  }

  /**
   * A list of `[title, address, [[heading, id], …], text]`; the text may be absent. The browser builds the index from it, which is
   * faster than loading one.
   */
  toString(): string {
    return `[${this.pages.join(',\n')}]`;
  }
}
