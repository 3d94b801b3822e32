import { parseYaml } from './yaml.rules.js';
import { SourceSyntaxError } from './source-syntax.error.js';
import { isRecord, textOf } from './values.rules.js';

export interface FrontMatter {
  readonly title?: string;
  readonly description?: string;
}

export interface PageSource {
  readonly frontMatter: FrontMatter;
  readonly body: string;
  /** The line of the page, counted from 1, on which the body begins. */
  readonly firstLine: number;
}

const FENCE = /^---[ \t]*\r?\n([\s\S]*?)(?:^---[ \t]*(?:\r?\n|$))/m;

/**
 * Splits a page into its YAML front matter and its Markdown. A page without a leading `---` has no front matter; a leading
 * `---` that is never closed is a thematic break of Markdown.
 *
 * @throws SourceSyntaxError with the line in the page
 */
export function splitFrontMatter(text: string): PageSource {
  const source = text.replace(/^\uFEFF/, '');
  const match = source.startsWith('---') ? FENCE.exec(source) : null;
  if (match?.index !== 0) return { frontMatter: {}, body: source, firstLine: 1 };
  const body = source.slice(match[0].length);
  return { frontMatter: readFrontMatter(match[1] ?? ''), body, firstLine: match[0].split('\n').length };
}

function readFrontMatter(yaml: string): FrontMatter {
  const values = parseBlock(yaml);
  const title = textOf(values['title']);
  const description = textOf(values['description']);
  return { ...(title && { title }), ...(description && { description }) };
}

function parseBlock(yaml: string): Record<string, unknown> {
  try {
    const values = parseYaml(yaml) ?? {};
    if (isRecord(values)) return values;
  } catch (error) {
    if (!(error instanceof SourceSyntaxError) || error.line === undefined) throw error;
    throw new SourceSyntaxError(error.reason, error.line + 1, { cause: error });
  }
  throw new SourceSyntaxError('the front matter is not a list of `key: value` lines', 1);
}
