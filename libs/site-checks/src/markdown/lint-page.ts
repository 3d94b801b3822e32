import { parseMarkdown, SourceSyntaxError, splitFrontMatter } from '@reunite/site-builder';
import type { FindingLog } from '../finding-log.js';
import { headingFaults } from './headings.rules.js';
import { inlineFaults } from './inlines.rules.js';
import { tagFaults } from './tags.rules.js';

export interface PageSource {
  readonly path: string;
  readonly text: string;
  /** Included in pages: it has no title of its own. */
  readonly partial: boolean;
}

/** A fault of a page; `line` is that of the Markdown below the front matter, counted from 0. */
export interface PageFault {
  /** A warning where it is not given. */
  readonly severity?: 'error';
  readonly rule: string;
  readonly message: string;
  readonly line: number;
}

/**
 * Lints the structure of a Markdown page: what a reader, a screen reader or a search would stumble over. Taste (line
 * lengths, list markers) is the author's.
 */
export function lintPage({ path, text, partial }: PageSource, log: FindingLog): void {
  try {
    const { frontMatter, body, firstLine } = splitFrontMatter(text);
    const { tokens, tags } = parseMarkdown(body, path);
    const titled = partial || frontMatter.title !== undefined;
    const faults = [...headingFaults(tokens, titled), ...inlineFaults(tokens), ...tagFaults(tokens, tags)];
    for (const { severity = 'warning', rule, message, line } of faults) {
      log.add({ severity, rule, message, file: path, line: line + firstLine });
    }
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    log.add({ severity: 'error', rule: 'front-matter-invalid', message: error.reason, file: path, line: error.line });
  }
}
