import { parseMarkdown, splitFrontMatter } from '@reunite/site-builder';
import type { FindingLog } from '../finding-log.js';
import { lintHeadings } from './headings.rules.js';
import { lintInlines } from './inlines.rules.js';
import { lintTags } from './tags.rules.js';

export interface PageSource {
  readonly path: string;
  readonly text: string;
  /** True for a file that is included in pages: it needs no title. */
  readonly partial: boolean;
}

/**
 * Lints the structure of a Markdown page: errors that affect readers, screen readers and search. Style (line length,
 * list markers) is not checked.
 */
export function lintPage({ path, text, partial }: PageSource, log: FindingLog): void {
  const { frontMatter, body, firstLine, diagnostic } = splitFrontMatter(text);
  if (diagnostic) {
    const { code: rule, reason: message, line } = diagnostic;
    const severity = rule === 'front-matter-invalid' ? 'error' : 'warning';
    log.add({ severity, rule, message, file: path, line });
  }
  const { tokens, tags } = parseMarkdown(body, path);
  const hasTitle = partial || frontMatter.title !== undefined;
  // `lintTags` consumes the tokens, so it comes last.
  const diagnostics = [...lintHeadings(tokens, hasTitle), ...lintInlines(tokens), ...lintTags(tokens, tags)];
  for (const { severity = 'warning', rule, message, line } of diagnostics) {
    log.add({ severity, rule, message, file: path, line: line + firstLine });
  }
}
