import type { Token } from 'markdown-it';
import { trusted } from '../page/html.template.js';
import { markup } from './tag-token.rules.js';

/**
 * Markdoc's tables: each list is a row, a rule stands between rows, and what stands before the first rule is the head.
 * Anything else, also a table of Markdown, stays what it is.
 *
 * @see https://markdoc.dev/docs/tags#table
 */
export function tableOf(tokens: readonly Token[]): Token[] {
  const table = new Table();
  return tokens.every((token) => table.add(token)) && table.rows > 0 ? table.end() : [...tokens];
}

class Table {
  rows = 0;
  readonly #tokens: Token[] = [];
  #level = 0;
  #rules = 0;
  #body = false;

  /** @returns false for what is no part of such a table */
  add(token: Token): boolean {
    if (token.nesting === -1) this.#level -= 1;
    const level = this.#level;
    if (token.nesting === 1) this.#level += 1;
    if (level > 1) this.#tokens.push(token);
    else if (level === 1) this.#addCell(token);
    else if (token.type === 'hr') this.#rules += 1;
    else if (token.type === 'bullet_list_open') this.#openRow();
    else if (token.type === 'bullet_list_close') this.#write('</tr>\n');
    else return false;
    return true;
  }

  end(): Token[] {
    const close = this.#body ? '</tbody>' : '</thead>';
    return [markup(trusted('<table>\n')), ...this.#tokens, markup(trusted(`${close}\n</table>\n`))];
  }

  get #inHead(): boolean {
    return this.#rules === 0;
  }

  #openRow(): void {
    this.rows += 1;
    if (this.#inHead && this.rows === 1) this.#write('<thead>\n');
    if (!this.#inHead && !this.#body) {
      this.#write(this.rows > 1 ? '</thead>\n<tbody>\n' : '<tbody>\n');
      this.#body = true;
    }
    this.#write('<tr>\n');
  }

  #addCell({ nesting }: Token): void {
    const cell = this.#inHead ? 'th' : 'td';
    this.#write(nesting === 1 ? `<${cell}>` : `</${cell}>\n`);
  }

  #write(content: string): void {
    this.#tokens.push(markup(trusted(content)));
  }
}
