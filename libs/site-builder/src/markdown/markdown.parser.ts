import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it';
import { escapeHtml } from '../page/html.template.js';
import { autolinks } from './autolinks.rules.js';
import { withEmojis } from './emoji.rules.js';
import { anchorTo } from './headings.rules.js';
import { math } from './math.rules.js';
import { strikethrough } from './strikethrough.rules.js';
import { footnotes, hasFootnotes } from './footnotes.rules.js';
import { highlight } from './highlight.rules.js';
import { definedIn, envWith, linkReferences, type LinkReferences } from './link-references.rules.js';
import { markdocTags } from './markdoc-tags.rules.js';
import { SHARED_TAGS, SUPPORTED_TAGS } from './tag-elements.rules.js';
import { tagFilter } from './tag-filter.rules.js';
import { withoutComments } from './tag-text.rules.js';
import { resolveTags } from './tag-tree.rules.js';
import { taskLists } from './task-lists.rules.js';

const { unescapeAll } = new MarkdownIt().utils;

const plain = createParser();
const withTags = createParser();
withTags.use(markdocTags).use(linkReferences);

const MARKING = [...SUPPORTED_TAGS].filter((tag) => !SHARED_TAGS.has(tag)).join('|');

/** Tags and annotations of Markdoc. Other text between `{%` and `%}` belongs to Jinja, Liquid and other languages. */
const KNOWN_TAG = new RegExp(
  `\\{%\\s*(?:\\/?(?:${MARKING}|openapi-[\\w-]+)(?![\\w-])|\\/if(?![\\w-])|` +
    String.raw`if\s+(?:\$|true|false|\w+\()|[#.]\w|[\w-]+=)`,
);

export interface ParsedMarkdown {
  readonly tokens: Token[];
  /** True if the page uses Markdoc: then tokens may be tags. */
  readonly tags: boolean;
  /** True if the page defines footnotes, which are still in place. */
  readonly footnotes: boolean;
}

/**
 * Parses Markdown. Markdoc's tags are enabled for `.mdoc` files, and for pages with a supported tag outside of code.
 */
export function parseMarkdown(text: string, file: string): ParsedMarkdown {
  if (file.endsWith('.mdoc')) return parseTagged(text);
  const parsed = parsePlain(text);
  return text.includes('{%') && parsed.tokens.some(hasTag) ? parseTagged(text) : parsed;
}

export function parsePlain(text: string): ParsedMarkdown {
  const env = {};
  return { tokens: plain.parse(text, env), tags: false, footnotes: hasFootnotes(env) };
}

export function parseTagged(text: string): ParsedMarkdown {
  const references: LinkReferences = { defined: 0 };
  const parsed = parseWith(references, text);
  if (references.defined === 0) return parsed;
  // The first pass finds out which definitions are hidden by an `if`, the second one makes the links.
  const shown = definedIn(resolveTags(parsed.tokens, { warn: () => undefined, include: () => [] }));
  return parseWith({ defined: 0, shown }, text);
}

function parseWith(references: LinkReferences, text: string): ParsedMarkdown {
  const env = envWith(references);
  return { tokens: withTags.parse(text, env), tags: true, footnotes: hasFootnotes(env) };
}

/** Call it with a whole page: one supported tag at the end enables tags at the top. */
export function isTagged(text: string, file: string): boolean {
  return text.includes('{%') && (file.endsWith('.mdoc') || parsePlain(text).tokens.some(hasTag));
}

function hasTag(token: Token): boolean {
  return KNOWN_TAG.test(proseOf(token)) || (token.children?.some(hasTagInside) ?? false);
}

/** Looks into attributes and the text of images. */
function hasTagInside({ attrs, children }: Token): boolean {
  return (
    (attrs?.some(([, value]) => KNOWN_TAG.test(String(value))) ?? false) ||
    KNOWN_TAG.test((children ?? []).map(proseOf).join(''))
  );
}

/** The text without code and comments. Keeps line breaks, which a tag may contain. */
function proseOf({ type, content, children }: Token): string {
  if (type === 'inline') return (children ?? []).map(proseOf).join('');
  if (type === 'softbreak' || type === 'hardbreak') return '\n';
  if (type === 'html_block' || type === 'html_inline') return withoutComments(content);
  return type === 'text' ? content : ' ';
}

export function renderTokens(tokens: Token[]): string {
  return plain.renderer.render(tokens, plain.options, {});
}

/** Extensions of GitHub that change Markdown which CommonMark defines otherwise. */
export interface Extensions {
  readonly autolinks: boolean;
  readonly tagFilter: boolean;
}

/** @param extensions all by default; the specification's examples are written for a parser without some of them */
export function createParser(extensions: Extensions = { autolinks: true, tagFilter: true }): Parser {
  const markdown = new MarkdownIt({ html: true, linkify: extensions.autolinks });
  // Links are kept as written: the link rules alone validate and rewrite them.
  markdown.normalizeLink = (url) => url;
  markdown.validateLink = () => true;
  markdown.use(strikethrough).use(math).use(footnotes).use(taskLists);
  if (extensions.autolinks) markdown.use(autolinks);
  if (extensions.tagFilter) markdown.use(tagFilter);
  const { rules } = markdown.renderer;
  rules['text'] = (tokens, index) => markdown.utils.escapeHtml(withEmojis(tokens[index]?.content ?? ''));
  rules['math'] = (tokens, index) => escapeHtml(tokens[index]?.content ?? '');
  rules['markup'] = (tokens, index) => tokens[index]?.content ?? '';
  rules['heading_close'] = (tokens, index, options, _env, renderer) => {
    const id = tokens[index]?.meta?.['id'];
    const anchor = typeof id === 'string' ? anchorTo(id) : '';
    return anchor + renderer.renderToken(tokens, index, options);
  };
  rules['fence'] = (tokens, index) => codeBlock(tokens[index]);
  return markdown;
}

function codeBlock(token: Token | undefined): string {
  const { info = '', content = '' } = token ?? {};
  const language = languageOf(info);
  if (language === undefined) return `<pre><code>${escapeHtml(content)}</code></pre>\n`;
  const code = highlight(content, language) ?? escapeHtml(content);
  return `<pre><code class="language-${escapeHtml(language)}">${code}</code></pre>\n`;
}

/** The language of fenced code: the first word after the fence. */
export function languageOf(info: string): string | undefined {
  return /^\s*([\p{L}\p{M}\p{N}_+#.;-]{1,60})/u.exec(unescapeAll(info.slice(0, 200)))?.[1];
}
