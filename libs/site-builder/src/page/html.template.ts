/** Markup that may be put into a page as it is. Made by `html`, or by `trusted` from what the sanitizer returned. */
export class Html {
  constructor(readonly markup: string) {}
}

export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

/** A template whose values are escaped, unless they are `Html` themselves; lists are joined, nothing stays nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(compact(strings).reduce((markup, string, index) => markup + render(values[index - 1]) + string));
}

const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The indentation of the source is not for readers of the site. */
function compact(strings: TemplateStringsArray): readonly string[] {
  const known = compacted.get(strings) ?? strings.map((string) => string.replace(/\n\s+/g, '\n'));
  compacted.set(strings, known);
  return known;
}

/** Only for markup that is known to be safe. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (value === undefined || value === null || value === false) return '';
  return value.map(render).join('');
}
