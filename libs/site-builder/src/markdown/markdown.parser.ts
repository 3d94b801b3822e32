import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it';
import { escapeHtml } from '../page/html.template.js';
import { footnotes } from './footnotes.rules.js';
import { highlight } from './highlight.rules.js';
import { markdocTags } from './markdoc-tags.rules.js';
import { tagFilter } from './tag-filter.rules.js';
import { taskLists } from './task-lists.rules.js';

const plain = createParser();
const withTags = createParser();
withTags.use(markdocTags);

/** Tags of ours, and annotations: what else there is between `{%` and `%}` belongs to Jinja, Liquid and the like. */
const knownTag =
  /\{%\s*(?:\/?(?:admonition|tabs?|partial|table)(?![\w-])|\/if(?![\w-])|if\s+(?:\$|true|false|\w+\()|[#.]\w|[\w-]+=)/;

/** Parses Markdown; with Markdoc's tags where one that is known is outside of code, or the file is called `.mdoc`. */
export function parseMarkdown(text: string, file: string): { tokens: Token[]; tags: boolean } {
  const tags = file.endsWith('.mdoc');
  if (tags) return { tokens: withTags.parse(text, {}), tags };
  const tokens = plain.parse(text, {});
  const found = text.includes('{%') && tokens.some(hasTag);
  return found ? { tokens: withTags.parse(text, {}), tags: true } : { tokens, tags: false };
}

/** Code is not looked into. */
function hasTag({ type, children, content }: Token): boolean {
  return type === 'text' ? knownTag.test(content) : (children?.some(hasTag) ?? false);
}

export function renderTokens(tokens: Token[]): string {
  return plain.renderer.render(tokens, plain.options, {});
}

function createParser(): Parser {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  // `README.md` is a file here, not a host in Moldova.
  markdown.linkify.set({ fuzzyLink: false });
  // References are taken as written; each is sent through the link rules, the only place that decides.
  markdown.normalizeLink = (url) => url;
  markdown.validateLink = () => true;
  markdown.use(footnotes).use(taskLists).use(tagFilter);
  const { rules } = markdown.renderer;
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
  const language = /^[\w+#.-]+/.exec(info.trim())?.[0];
  if (language === undefined) return `<pre><code>${escapeHtml(content)}</code></pre>\n`;
  const code = highlight(content, language) ?? escapeHtml(content);
  return `<pre><code class="language-${language}">${code}</code></pre>\n`;
}

function anchorTo(id: string): string {
  return ` <a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section">#</a>`;
}
