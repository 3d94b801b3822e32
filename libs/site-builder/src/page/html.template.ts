/** Markup that is safe to insert. Created by `html`, or by `trusted` from the sanitizer's output. */
export class Html {
  constructor(readonly markup: string) {}
}

export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

/** A template that escapes its values, except `Html`. Joins lists; renders undefined, null and false as nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(compact(strings).reduce((markup, string, index) => markup + render(values[index - 1]) + string));
}

const COMPACTED = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Removes the indentation of the source code. */
function compact(strings: TemplateStringsArray): readonly string[] {
  const compacted = COMPACTED.get(strings) ?? strings.map((string) => string.replace(/\n\s+/g, '\n'));
  COMPACTED.set(strings, compacted);
  return compacted;
}

/** Only for markup that is known to be safe. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  // Most texts have none of the characters: a test is faster than a replacement.
  return SPECIAL.test(text) ? replaceSpecial(text) : text;
}

const SPECIAL = /[&<>"']/;

function replaceSpecial(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (value === undefined || value === null || value === false) return '';
  return value.map(render).join('');
}
