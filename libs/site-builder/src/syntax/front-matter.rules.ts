import { parseYaml } from './yaml.rules.js';
import { SourceSyntaxError } from './source-syntax.error.js';
import { isRecord, recordOf, textOf } from './values.rules.js';

export interface FrontMatter {
  readonly title?: string;
  readonly description?: string;
  /** All keys with their values as parsed. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A diagnostic of the front matter. The page is built without the values of an invalid one. */
export interface FrontMatterDiagnostic {
  readonly code: 'front-matter-invalid' | 'front-matter-unknown';
  readonly reason: string;
  /** Line in the page, counted from 1. */
  readonly line: number;
}

export interface PageSource {
  readonly frontMatter: FrontMatter;
  readonly body: string;
  /** The line of the page, counted from 1, on which the body begins. */
  readonly firstLine: number;
  readonly diagnostic?: FrontMatterDiagnostic;
}

const OPENING = /^---[ \t]*\n/;
/** Also `...`, which ends a YAML document. */
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/;
/** The first line of a block that was meant as front matter, even if it is not valid YAML. */
const ENTRY = /^[A-Za-z_][\w.-]*[ \t]*:(?:[ \t]|$)/;
const CODE_FENCE = /^ {0,3}(?:```|~~~)/m;

/**
 * Keys that Redocly and other generators read. A block with none of them is probably text between two thematic breaks.
 */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  (
    'title description seo slug template sidebar navbar footer markdown search excludeFromSearch rbac redirects ' +
    'metadata keywords label labelTranslationKey icon image author authors date updated lastUpdated created published ' +
    'draft tags categories category layout permalink parent nav_order nav_exclude has_children nav_title weight order ' +
    'id sidebar_label sidebar_position sidebar_class_name hide_title hide_table_of_contents pagination_next ' +
    'pagination_prev custom_edit_url toc hide_toc lang locale version versions products product type status aliases ' +
    'url summary subtitle name group page head editLink outline prev next linkTitle menu theme css class banner ' +
    'hide level section breadcrumbs catalog catalogClassic plugins props settings feedback codeSnippet ' +
    'documentationLinks stars contributors custom shortTitle intro topics redirect_from redirect versionNumber'
  ).split(' '),
);

/**
 * Splits a page into its YAML front matter and its Markdown. Line ends become `\n`, and a byte order mark is dropped.
 *
 * A block between two lines of dashes at the top is front matter if it is a YAML mapping; anything else is Markdown
 * between two thematic breaks (https://spec.commonmark.org/0.31.2/#thematic-breaks). A block that looks like a mapping
 * and is not valid is dropped and reported.
 */
export function splitFrontMatter(text: string): PageSource {
  const marked = text.replace(/^\uFEFF/, '');
  const source = marked.includes('\r') ? marked.replace(/\r\n?/g, '\n') : marked;
  const block = blockAtTop(source);
  if (!block) return withoutFrontMatter(source);
  const { yaml, bodyStart } = block;
  const firstLine = source.slice(0, bodyStart).split('\n').length;
  const page = { body: source.slice(bodyStart), firstLine };
  const parsed = parse(yaml);
  if (parsed instanceof SourceSyntaxError) {
    if (!ENTRY.test(yaml) || CODE_FENCE.test(yaml)) return withoutFrontMatter(source);
    const { reason, line = 1 } = parsed;
    return {
      ...page,
      frontMatter: { values: {} },
      diagnostic: { code: 'front-matter-invalid', reason, line: line + 1 },
    };
  }
  if (parsed === undefined) return withoutFrontMatter(source);
  const keys = Object.keys(parsed);
  const unknown = keys.length > 0 && !keys.some((key) => KNOWN_KEYS.has(key));
  return { ...page, frontMatter: frontMatterOf(parsed), ...(unknown && { diagnostic: unknownKeys(keys) }) };
}

function withoutFrontMatter(source: string): PageSource {
  return { frontMatter: { values: {} }, body: source, firstLine: 1 };
}

/**
 * The lines between a first line `---` and the next line `---` or `...`. The last line end is included: `yaml` accepts
 * some open quotes at the end of a text.
 */
function blockAtTop(source: string): { readonly yaml: string; readonly bodyStart: number } | undefined {
  const start = OPENING.exec(source)?.[0].length;
  if (start === undefined) return undefined;
  for (let at = start; at < source.length;) {
    const newline = source.indexOf('\n', at);
    const end = newline === -1 ? source.length : newline;
    // A closing line is short, so long lines are not copied.
    if (end - at < 100 && CLOSING.test(source.slice(at, end)))
      return { yaml: source.slice(start, at), bodyStart: Math.min(end + 1, source.length) };
    at = end + 1;
  }
  return undefined;
}

/** Returns undefined for anything but a mapping. An empty block counts as one. */
function parse(yaml: string): Record<string, unknown> | SourceSyntaxError | undefined {
  if (yaml.trim() === '') return {};
  const simple = parseSimple(yaml);
  if (simple) return simple;
  try {
    const values = parseYaml(yaml);
    return isRecord(values) ? values : undefined;
  } catch (error) {
    if (error instanceof SourceSyntaxError) return error;
    throw error;
  }
}

/** A line with a key and a value that YAML reads as plain text. */
const SIMPLE_LINE = /^([A-Za-z][\w-]*): ([A-Za-z][ -~]*)$/;
/** The end of plain text, or text that YAML reads as another type. */
const NOT_PLAIN = /:(?: |$)| #| $|^(?:true|false|null)$/i;

/** Parses lines of `key: text` as YAML does, in a tenth of the time. Returns undefined for anything else. */
function parseSimple(yaml: string): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  for (const line of yaml.replace(/\n$/, '').split('\n')) {
    const [, key, value] = SIMPLE_LINE.exec(line) ?? [];
    if (key === undefined || value === undefined || NOT_PLAIN.test(value) || NOT_PLAIN.test(key)) return undefined;
    if (Object.hasOwn(values, key)) return undefined;
    values[key] = value;
  }
  return values;
}

function frontMatterOf(values: Record<string, unknown>): FrontMatter {
  const title = textOf(values['title']);
  const description = textOf(values['description']) ?? textOf(recordOf(values['seo'])['description']);
  return { ...(title && { title }), ...(description && { description }), values };
}

function unknownKeys(keys: readonly string[]): FrontMatterDiagnostic {
  const names = keys.slice(0, 3).map((key) => JSON.stringify(key.slice(0, 40)));
  const reason =
    `the lines between the dashes are read as front matter, but ${names.join(', ')} is no known key; ` +
    'if they are text, put a blank line before the first dashes';
  return { code: 'front-matter-unknown', reason, line: 1 };
}
