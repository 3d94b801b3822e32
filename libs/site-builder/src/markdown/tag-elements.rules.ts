import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml, trusted, type Html } from '../page/html.template.js';
import { markup } from './tag-token.rules.js';

export type Attributes = ReadonlyMap<string, string>;

/** The tokens of a tag with content. */
export interface TagElement {
  readonly open: (attributes: Attributes) => readonly Token[];
  readonly close: (attributes: Attributes) => readonly Token[];
}

const ADMONITION_TITLES: ReadonlyMap<string, string> = new Map([
  ['info', 'Note'],
  ['success', 'Tip'],
  ['warning', 'Warning'],
  ['danger', 'Danger'],
]);

export function admonition(type: string, title: string | undefined): Html {
  const kind = ADMONITION_TITLES.has(type) ? type : 'info';
  const text = escapeHtml(title ?? ADMONITION_TITLES.get(kind) ?? '');
  return trusted(`<div class="admonition admonition-${kind}" role="note">\n<p class="admonition-title">${text}</p>\n`);
}

export const closedDiv = trusted('</div>\n');

/**
 * Opening and closing tags are separate tokens, so these are strings and not `html` templates, which must be balanced.
 */
function element(open: (attributes: Attributes) => string, close: string): TagElement {
  const closing = trusted(close);
  return { open: (attributes) => [markup(trusted(open(attributes)))], close: () => [markup(closing)] };
}

function tab(attributes: Attributes): string {
  const label = escapeHtml(attributes.get('label') ?? 'Tab');
  return `<section class="tab" aria-label="${label}">\n<p class="tab-label">${label}</p>\n`;
}

function details(attributes: Attributes): string {
  const title = escapeHtml(attributes.get('title') ?? attributes.get('label') ?? attributes.get('name') ?? 'Details');
  return `<details>\n<summary>${title}</summary>\n`;
}

/** A card with its title, which is a link if the card leads somewhere. */
function card(attributes: Attributes): readonly Token[] {
  const open = markup(trusted('<div class="card">\n'));
  const title = attributes.get('title') ?? attributes.get('to');
  if (title === undefined) return [open];
  const address = attributes.get('to') ?? attributes.get('href');
  return [open, ...paragraph(address === undefined ? [textToken(title, true)] : linkTokens(address, title))];
}

function step(attributes: Attributes): string {
  const heading = attributes.get('heading');
  return `<div class="step">\n${heading === undefined ? '' : `<p><strong>${escapeHtml(heading)}</strong></p>\n`}`;
}

const plain = element(() => '<div>\n', '</div>\n');
/** The content alone. */
const transparent: TagElement = { open: () => [], close: () => [] };

/**
 * Redocly's tags with content. `partial`, `if`, `else` and `table` are handled separately.
 *
 * @see https://redocly.com/docs/realm/content/markdoc-tags/tag-library
 */
export const ELEMENTS: ReadonlyMap<string, TagElement> = new Map<string, TagElement>([
  [
    'admonition',
    {
      open: (attributes) => [markup(admonition(attributes.get('type') ?? 'info', attributes.get('name')))],
      close: () => [markup(closedDiv)],
    },
  ],
  ['tabs', element(() => '<div class="tabs">\n', '</div>\n')],
  ['tab', element(tab, '</section>\n')],
  ['cards', element(() => '<div class="cards">\n', '</div>\n')],
  ['card', { open: card, close: () => [markup(closedDiv)] }],
  ['accordion-group', plain],
  ['accordion', element(details, '</details>\n')],
  ['code-group', plain],
  ['code-walkthrough', plain],
  ['step', element(step, '</div>\n')],
  ['toggle', transparent],
  ['code-toggle', transparent],
  ['html', transparent],
  ['json-schema', transparent],
  ['json-example', transparent],
  ['markdown-example', transparent],
  ['markdoc-example', transparent],
]);

/** Tags without content that need Redocly's theme or a signed-in user. They show nothing, without a warning. */
export const IGNORED_TAGS: ReadonlySet<string> = new Set([
  ...['icon', 'login-button', 'logout-button', 'connect-mcp', 'replay-openapi', 'input', 'rbac', 'feedback', 'seo'],
]);

/** Tags that show a part of a description: here a link to its page. */
const DESCRIPTION_TAGS: ReadonlySet<string> = new Set([
  'openapi-code-sample',
  'openapi-request-sample',
  'openapi-response-sample',
  'openapi-schema',
  'json-schema',
  'json-example',
  'graphql-definition',
]);

/** The tags that cause no warning. Those of the last line are handled in `tag-tree.rules.ts` and `tag-branch.rules.ts`. */
export const SUPPORTED_TAGS: ReadonlySet<string> = new Set([
  ...[...ELEMENTS.keys(), ...IGNORED_TAGS, ...DESCRIPTION_TAGS],
  ...['img', 'partial', 'code-snippet', 'table', 'if', 'else'],
]);

/** Supported tags that Jinja, Liquid or Jekyll have as well: alone they do not show that a page uses Markdoc. */
export const SHARED_TAGS: ReadonlySet<string> = new Set(['if', 'else', 'seo', 'input', 'toggle', 'feedback', 'rbac']);

/** The tokens of a tag without content, or undefined if the tag is unknown. */
export function tokensOfTag(tag: string, attributes: Attributes): readonly Token[] | undefined {
  if (IGNORED_TAGS.has(tag)) return [];
  if (tag === 'img') return paragraph([imageToken(attributes)]);
  if (tag === 'card') return [...card(attributes), markup(closedDiv)];
  const file = attributes.get('descriptionFile') ?? attributes.get('file');
  if (!DESCRIPTION_TAGS.has(tag) || file === undefined) return undefined;
  const operation = attributes.get('operationId');
  const address = operation === undefined ? file : `${file}#operation/${encodeURIComponent(operation)}`;
  return paragraph(linkTokens(address, operation ?? attributes.get('pointer') ?? file));
}

/** @see https://redocly.com/docs/realm/content/markdoc-tags/img */
export function imageToken(attributes: Attributes): Token {
  const image = new MarkdownIt.Token('image', 'img', 0);
  const alt = attributes.get('alt') ?? '';
  image.attrs = [
    ['src', attributes.get('src') ?? ''],
    ['alt', ''],
  ];
  const title = attributes.get('title');
  if (title !== undefined) image.attrPush(['title', title]);
  for (const size of ['width', 'height']) {
    const value = /^\d{1,5}/.exec(attributes.get(size) ?? '')?.[0];
    if (value !== undefined) image.attrPush([size, value]);
  }
  image.content = alt;
  image.children = [textToken(alt, false)];
  return image;
}

function paragraph(children: readonly Token[]): readonly Token[] {
  const inline = new MarkdownIt.Token('inline', '', 0);
  inline.children = [...children];
  return [new MarkdownIt.Token('paragraph_open', 'p', 1), inline, new MarkdownIt.Token('paragraph_close', 'p', -1)];
}

/** The renderer rewrites the address as that of any link. */
function linkTokens(address: string, text: string): readonly Token[] {
  const open = new MarkdownIt.Token('link_open', 'a', 1);
  open.attrs = [['href', address]];
  return [open, textToken(text, false), new MarkdownIt.Token('link_close', 'a', -1)];
}

function textToken(content: string, strong: boolean): Token {
  if (strong) return markup(trusted(`<strong>${escapeHtml(content)}</strong>`));
  const token = new MarkdownIt.Token('text', '', 0);
  token.content = content;
  return token;
}
