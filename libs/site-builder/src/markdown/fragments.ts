import { trusted, type Html } from '../page/html.template.js';

/** Not guessable, so that an author cannot write a placeholder. Letters and digits, which no step changes. */
const MARK = `r${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
const PLACEHOLDERS = new RegExp(`${MARK}x(\\d{1,9})x`, 'g');

/**
 * Markup of the builder that the sanitizer would change, e.g. formulas, and ids that are known only at the end. The
 * page has placeholders for them until it is sanitized.
 */
export class Fragments {
  private readonly markups: string[] = [];

  add(content: Html): Html {
    return trusted(this.reserve(content.markup));
  }

  /** A placeholder for markup or attribute values that `set` defines later. */
  reserve(content = ''): string {
    return `${MARK}x${this.markups.push(content) - 1}x`;
  }

  set(placeholder: string, content: string): void {
    const at = this.positionOf(placeholder);
    if (at !== undefined) this.markups[at] = content;
  }

  /** True if the text begins with a placeholder, maybe after `#`. */
  isReserved(text: string): boolean {
    return text.startsWith(MARK) || text.startsWith(`#${MARK}`);
  }

  insertInto(markup: string): string {
    if (this.markups.length === 0) return markup;
    return markup.replace(PLACEHOLDERS, (_, position: string) => this.markups[Number(position)] ?? '');
  }

  private positionOf(placeholder: string): number | undefined {
    const [, position] = /x(\d+)x$/.exec(placeholder) ?? [];
    return position === undefined ? undefined : Number(position);
  }
}
