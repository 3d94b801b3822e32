import { createRequire } from 'node:module';
import type sanitizeHtml from 'sanitize-html';
import type { RewriteLink } from '../links/page-links.js';
import { trusted, type Html } from '../page/html.template.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';

type Tag = sanitizeHtml.Tag;
type Attributes = sanitizeHtml.Attributes;

const require = createRequire(import.meta.url);

/** Loads the sanitizer with the first page that needs it: most sites have no raw HTML. */
export function sanitizer(): typeof sanitizeHtml {
  return require('sanitize-html') as typeof sanitizeHtml;
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const ALLOWED_TAGS = [
  ...HEADINGS,
  'p',
  'div',
  'blockquote',
  'pre',
  'hr',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'figure',
  'figcaption',
  'details',
  'summary',
  'section',
  'table',
  'caption',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'th',
  'td',
  'colgroup',
  'col',
  'a',
  'img',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'br',
  'cite',
  'code',
  'del',
  'dfn',
  'em',
  'i',
  'ins',
  'kbd',
  'mark',
  'q',
  's',
  'video',
  'audio',
  'source',
  'samp',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'var',
  'wbr',
  'ruby',
  'rp',
  'rt',
];

/** Elements that are removed with their content. */
const DROPPED_WITH_CONTENT = [
  'script',
  'style',
  'noscript',
  'template',
  'iframe',
  'noframes',
  'noembed',
  'object',
  'xmp',
  'plaintext',
  'textarea',
  'select',
  'option',
  'title',
  'svg',
  'math',
];

const ALIGN = Object.fromEntries(['p', 'div', 'td', 'th', ...HEADINGS].map((tag) => [tag, ['align']]));

const ALLOWED_ATTRIBUTES: NonNullable<sanitizeHtml.IOptions['allowedAttributes']> = {
  '*': ['id', 'title', 'lang', 'dir'],
  ...ALIGN,
  div: ['align', 'role'],
  section: ['aria-label'],
  a: ['href', 'name', 'class', 'aria-label'],
  img: ['src', 'alt', 'width', 'height', 'align', 'loading', 'referrerpolicy'],
  video: ['src', 'poster', 'controls', 'preload', 'width', 'height', 'loop', 'muted', 'playsinline'],
  audio: ['src', 'controls', 'preload', 'loop'],
  source: ['src', 'type'],
  td: ['align', 'colspan', 'rowspan'],
  th: ['align', 'colspan', 'rowspan', 'scope'],
  ol: ['start', 'type', 'reversed'],
  li: ['value'],
  details: ['open'],
  code: ['class'],
  time: ['datetime'],
};

/** Classes of our templates and of the highlighter. Authors may use them too. */
const ALLOWED_CLASSES: NonNullable<sanitizeHtml.IOptions['allowedClasses']> = {
  code: [/^language-[\p{L}\p{M}\p{N}_+#.;-]{1,60}$/u],
  a: ['anchor', 'footnote-back'],
  span: [/^hljs-[\w-]+$/, /^\w+_$/],
  div: [/^admonition(?:-\w+)?$/, 'tabs', 'cards', 'card', 'step'],
  section: ['tab', 'footnotes'],
  li: ['task'],
  p: ['admonition-title', 'tab-label'],
};

/**
 * Sanitizes HTML by an allow-list of elements and attributes: no script, style, form or frame. Every link, image, video
 * and sound goes through `rewrite`.
 *
 * @throws PageTooComplexError if elements are nested too deeply, for which the parser takes quadratic time
 */
export function sanitize(markup: string, rewrite: RewriteLink): Html {
  const clean = sanitizer();
  return trusted(
    clean(markup, {
      allowedTags: ALLOWED_TAGS,
      allowedAttributes: ALLOWED_ATTRIBUTES,
      allowedClasses: ALLOWED_CLASSES,
      allowedSchemes: ['http', 'https', 'mailto', 'tel'],
      allowedSchemesAppliedToAttributes: ['href', 'src', 'cite', 'poster'],
      allowProtocolRelative: false,
      nonTextTags: DROPPED_WITH_CONTENT,
      selfClosing: [...clean.defaults.selfClosing, 'source'],
      parseStyleAttributes: false,
      enforceHtmlBoundary: false,
      ...depthGuard(),
      transformTags: {
        a: (_, attributes) => anchor(attributes, rewrite),
        img: (_, attributes) => image(attributes, rewrite),
        video: (tagName, attributes) => player(tagName, attributes, rewrite),
        audio: (tagName, attributes) => player(tagName, attributes, rewrite),
        source: (tagName, attributes) => ({ tagName, attribs: withAddresses(attributes, rewrite) }),
      },
    }),
  );
}

/** Far deeper than Markdown nests (markdown-it stops at 100 levels, two elements each). */
const MAX_DEPTH = 500;

function depthGuard(): Pick<sanitizeHtml.IOptions, 'onOpenTag' | 'onCloseTag'> {
  let depth = 0;
  return {
    onOpenTag: () => {
      depth += 1;
      if (depth > MAX_DEPTH) throw new PageTooComplexError(`its HTML is nested deeper than ${MAX_DEPTH} elements`);
    },
    onCloseTag: () => {
      depth -= 1;
    },
  };
}

function anchor(attributes: Attributes, rewrite: RewriteLink): Tag {
  const { href, ...others } = attributes;
  if (href === undefined) return { tagName: 'a', attribs: others };
  const address = rewrite(href);
  return address === undefined
    ? { tagName: 'span', attribs: {} }
    : { tagName: 'a', attribs: { ...others, href: address } };
}

function image(attributes: Attributes, rewrite: RewriteLink): Tag {
  const { src, alt = '', ...others } = attributes;
  const address = src === undefined ? undefined : rewrite(src);
  if (address === undefined) return { tagName: 'span', attribs: {}, text: alt };
  return {
    tagName: 'img',
    attribs: { ...others, src: address, alt, loading: 'lazy', referrerpolicy: 'no-referrer' },
  };
}

/** Plays on request. Before, the browser loads the metadata only. */
function player(tagName: string, attributes: Attributes, rewrite: RewriteLink): Tag {
  return { tagName, attribs: { ...withAddresses(attributes, rewrite), controls: '', preload: 'metadata' } };
}

/** Drops rejected addresses: the browser falls back to the content of the element. */
function withAddresses({ src, poster, ...others }: Attributes, rewrite: RewriteLink): Attributes {
  const addresses = Object.entries({ src, poster }).flatMap(([name, written]): [string, string][] => {
    const address = written === undefined ? undefined : rewrite(written);
    return address === undefined ? [] : [[name, address]];
  });
  return { ...others, ...Object.fromEntries(addresses) };
}
