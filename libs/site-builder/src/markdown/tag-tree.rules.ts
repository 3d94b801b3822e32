import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml, trusted, type Html } from '../page/html.template.js';
import type { WarningCode } from '../problem.js';

export interface TagContext {
  readonly warn: (code: WarningCode, message: string, token: Token) => void;
  /** The tokens of an included file, or none where it cannot be included. */
  readonly include: (file: string, token: Token) => readonly Token[];
}

interface Element {
  readonly open: (attributes: ReadonlyMap<string, string>) => Html;
  readonly close: Html;
}

const admonitionTitles: ReadonlyMap<string, string> = new Map([
  ['info', 'Note'],
  ['success', 'Tip'],
  ['warning', 'Warning'],
  ['danger', 'Danger'],
]);

/** Elements are opened by one token and closed by another, which no formatter of templates would leave alone. */
function element(open: (attributes: ReadonlyMap<string, string>) => string, close: string): Element {
  return { open: (attributes) => trusted(open(attributes)), close: trusted(close) };
}

export function admonition(type: string, title: string | undefined): Html {
  const kind = admonitionTitles.has(type) ? type : 'info';
  const text = escapeHtml(title ?? admonitionTitles.get(kind) ?? '');
  return trusted(`<div class="admonition admonition-${kind}" role="note">\n<p class="admonition-title">${text}</p>\n`);
}

function tab(attributes: ReadonlyMap<string, string>): string {
  const label = escapeHtml(attributes.get('label') ?? 'Tab');
  return `<section class="tab" aria-label="${label}">\n<p class="tab-label">${label}</p>\n`;
}

export const closedDiv = trusted('</div>\n');

/** The tags there are, beside `partial`. They are Redocly's. */
const elements: ReadonlyMap<string, Element> = new Map<string, Element>([
  [
    'admonition',
    { open: (attributes) => admonition(attributes.get('type') ?? 'info', attributes.get('name')), close: closedDiv },
  ],
  ['tabs', element(() => '<div class="tabs">\n', '</div>\n')],
  ['tab', element(tab, '</section>\n')],
]);

interface Open {
  /** The tag's name; undefined for what is Markdown's own, e.g. a list. */
  readonly tag?: string;
  readonly token: Token;
}

/**
 * Puts elements in the place of the tags that are known, files in the place of `partial`. What is unknown, or not closed
 * where it was opened, is reported; its content stays.
 */
export function resolveTags(tokens: readonly Token[], context: TagContext): Token[] {
  const resolved: Token[] = [];
  const open: Open[] = [];
  const close = (tag: string) => {
    open.pop();
    const element = elements.get(tag);
    if (element) resolved.push(markup(element.close));
  };
  const closeUnclosed = () => {
    for (let last = open.at(-1); last?.tag !== undefined; last = open.at(-1)) {
      context.warn('tag-unclosed', `the tag "${last.tag}" is not closed`, last.token);
      close(last.tag);
    }
  };
  for (const token of tokens) {
    const { type, meta } = token;
    const tag = typeof meta?.['tag'] === 'string' ? meta['tag'] : undefined;
    if (type === 'tag_open' && tag !== undefined) {
      const element = elements.get(tag);
      if (element) resolved.push(markup(element.open(attributesOf(token))));
      else context.warn('tag-unknown', `there is no tag "${tag}"; its content is shown as it is`, token);
      open.push({ tag, token });
    } else if (type === 'tag_close' && tag !== undefined) {
      if (open.at(-1)?.tag === tag) close(tag);
      else context.warn('tag-unclosed', `the tag "${tag}" is closed where it is not open`, token);
    } else if (type === 'tag' && tag === 'partial') {
      resolved.push(...context.include(attributesOf(token).get('file') ?? '', token));
    } else if (type === 'tag' || type === 'tag_unknown') {
      context.warn(
        'tag-unknown',
        `${tag === undefined ? token.info.slice(0, 80) : `the tag "${tag}"`} is not supported`,
        token,
      );
    } else if (type !== 'annotation') {
      if (token.nesting === -1) {
        closeUnclosed();
        open.pop();
      } else if (token.nesting === 1) open.push({ token });
      resolved.push(token.type === 'inline' ? withoutTags(token, context) : token);
    }
  }
  closeUnclosed();
  return resolved;
}

/** Inside of a line there are annotations only: `# Heading {% #its-id %}`. */
function withoutTags(inline: Token, context: TagContext): Token {
  inline.children = (inline.children ?? []).filter((child) => {
    if (child.type === 'annotation') {
      inline.meta = { ...inline.meta, id: attributesOf(child).get('id') };
      return false;
    }
    if (!child.type.startsWith('tag')) return true;
    context.warn('tag-unknown', `${child.info.slice(0, 80)} is not supported inside of a line`, inline);
    return false;
  });
  return inline;
}

function attributesOf({ meta }: Token): ReadonlyMap<string, string> {
  return meta?.['attributes'] instanceof Map ? (meta['attributes'] as Map<string, string>) : new Map<string, string>();
}

/** A token that is written as it is; only templates make them. */
export function markup({ markup: content }: Html): Token {
  const token = new MarkdownIt.Token('markup', '', 0);
  token.content = content;
  return token;
}
