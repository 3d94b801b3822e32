import type { Heading } from '../markdown/headings.rules.js';
import { RESERVED_FOLDER } from '../source/paths.rules.js';

export const SEARCH_INDEX_PATH = `${RESERVED_FOLDER}/search.json`;

/** In characters. Browsers load the whole index with the first search. */
const MAX_LENGTH = 4_000_000;
const MAX_TEXT = 160;

/** The content of a page for the search, as JSON: pages that have not changed are not encoded again. */
export interface SearchEntry {
  /** A list of `[heading, id]`. */
  readonly headings: string;
  readonly text?: string;
}

/** The headings of a page below its title, and the beginning of its text. */
export function searchEntryOf(page: {
  readonly title: string | undefined;
  readonly headings: readonly Heading[];
  readonly text: string | undefined;
}): SearchEntry {
  const entries = page.headings
    .filter(({ level, text }) => level > 1 && level < 5 && text !== page.title)
    .map(({ text, id }) => [text.slice(0, MAX_TEXT), id]);
  const { text = '' } = page;
  return { headings: JSON.stringify(entries), ...(text !== '' && { text: JSON.stringify(text) }) };
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

  add(title: string, address: string, { headings, text }: SearchEntry): void {
    const page = `[${JSON.stringify(title.slice(0, MAX_TEXT))},${JSON.stringify(address)},`;
    // From the most complete to the shortest one, which always fits: a page must be found by its title.
    const candidates = [...(text === undefined ? [] : [`${page}${headings},${text}]`]), `${page}${headings}]`];
    const fitting = candidates.find((entry) => this.length + entry.length <= MAX_LENGTH);
    this.isCut ||= fitting !== candidates[0];
    const entry = fitting ?? `${page}[]]`;
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
