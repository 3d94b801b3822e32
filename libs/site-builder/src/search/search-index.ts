import type { Heading } from '../markdown/markdown.renderer.js';
import { reservedFolder } from '../source/paths.rules.js';

export const searchIndexPath = `${reservedFolder}/search.json`;

/** In characters: what a phone loads when its reader begins to search. */
const maxLength = 4_000_000;
const maxText = 160;

/** What the site can be searched for: the titles of its pages, and their headings as far as there is room. */
export class SearchIndex {
  readonly #pages: string[] = [];
  #length = 0;
  #cut = false;

  /** Whether headings had to be left out. */
  get cut(): boolean {
    return this.#cut;
  }

  add(title: string, address: string, headings: readonly Heading[]): void {
    const entries = headings
      .filter(({ level, text }) => level > 1 && level < 5 && text !== title)
      .map(({ text, id }) => [text.slice(0, maxText), id]);
    const page = [title.slice(0, maxText), address];
    const entry = JSON.stringify([...page, entries]);
    const fits = this.#length + entry.length <= maxLength;
    this.#cut ||= !fits;
    this.#pages.push(fits ? entry : JSON.stringify([...page, []]));
    this.#length += fits ? entry.length : page.join().length;
  }

  /** A list of `[title, address, [[heading, id], …]]`; the browser makes an index of it, faster than it loads one. */
  toString(): string {
    return `[${this.#pages.join(',\n')}]`;
  }
}
