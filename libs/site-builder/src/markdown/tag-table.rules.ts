import type { Token } from 'markdown-it';
import { trusted } from '../page/html.template.js';
import { markup } from './tag-token.rules.js';

/**
 * Renders Markdoc's tables: each list is a row, rows are separated by rules, and rows before the first rule are the
 * head. Other content, such as a Markdown table, is returned unchanged.
 *
 * @see https://markdoc.dev/docs/tags#table
 */
export function tableOf(tokens: readonly Token[]): Token[] {
  const table = new Table();
  return tokens.every((token) => table.add(token)) && table.rows > 0 ? table.end() : [...tokens];
}

class Table {
  rows = 0;
  private readonly tokens: Token[] = [];
  private level = 0;
  private rules = 0;
  private body = false;

  /** @returns false if the token cannot be part of such a table */
  add(token: Token): boolean {
    if (token.nesting === -1) this.level -= 1;
    const level = this.level;
    if (token.nesting === 1) this.level += 1;
    if (level > 1) this.tokens.push(token);
    else if (level === 1) this.addCell(token);
    else if (token.type === 'hr') this.rules += 1;
    else if (token.type === 'bullet_list_open') this.openRow();
    else if (token.type === 'bullet_list_close') this.write('</tr>\n');
    else return false;
    return true;
  }

  end(): Token[] {
    const close = this.body ? '</tbody>' : '</thead>';
    return [markup(trusted('<table>\n')), ...this.tokens, markup(trusted(`${close}\n</table>\n`))];
  }

  private get inHead(): boolean {
    return this.rules === 0;
  }

  private openRow(): void {
    this.rows += 1;
    if (this.inHead && this.rows === 1) this.write('<thead>\n');
    if (!this.inHead && !this.body) {
      this.write(this.rows > 1 ? '</thead>\n<tbody>\n' : '<tbody>\n');
      this.body = true;
    }
    this.write('<tr>\n');
  }

  private addCell({ nesting }: Token): void {
    const cell = this.inHead ? 'th' : 'td';
    this.write(nesting === 1 ? `<${cell}>` : `</${cell}>\n`);
  }

  private write(content: string): void {
    this.tokens.push(markup(trusted(content)));
  }
}
