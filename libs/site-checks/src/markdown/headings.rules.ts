import type { Token } from 'markdown-it';
import type { PageDiagnostic } from './page-diagnostic.js';
import { plainText } from './plain-text.rules.js';

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly line: number;
}

/**
 * Reports missing and repeated titles, skipped levels, and headings that are empty or repeated in their section.
 *
 * @param hasTitle true if the front matter has a title or the file needs none
 */
export function lintHeadings(tokens: readonly Token[], hasTitle: boolean): PageDiagnostic[] {
  const headings = headingsOf(tokens);
  const diagnostics = [...lintEmpty(headings), ...lintLevels(headings), ...lintRepeated(headings)];
  const [first, second] = headings.filter(({ level }) => level === 1);
  const hasHtmlTitle = tokens.some(({ type, content }) => type === 'html_block' && /<h1[\s>]/i.test(content));
  if (!first && !hasTitle && !hasHtmlTitle) {
    const message = 'The page has no title: add a heading of level 1, or a `title` to its front matter';
    diagnostics.push({ rule: 'title-missing', message, line: 0 });
  }
  if (second) {
    const message = `The page has a second heading of level 1: ${quoted(second.text)}`;
    diagnostics.push({ rule: 'title-repeated', message, line: second.line });
  }
  return diagnostics;
}

function headingsOf(tokens: readonly Token[]): Heading[] {
  return tokens.flatMap(({ type, tag, map }, index) =>
    type === 'heading_open'
      ? [{ level: Number(tag.slice(1)), text: plainText(tokens[index + 1]?.children), line: map?.[0] ?? 0 }]
      : [],
  );
}

function lintEmpty(headings: readonly Heading[]): PageDiagnostic[] {
  const empty = headings.filter(({ text }) => text === '');
  return empty.map(({ line }) => ({ rule: 'heading-empty', message: 'The heading has no text', line }));
}

/** A skipped level breaks the outline that screen readers use. */
function lintLevels(headings: readonly Heading[]): PageDiagnostic[] {
  return headings.flatMap(({ level, line }, index) => {
    // The title may be in the front matter.
    const before = headings[index - 1]?.level ?? 1;
    if (level <= before + 1) return [];
    const message = `A heading of level ${level} follows one of level ${before}; level ${before + 1} is skipped`;
    return [{ rule: 'heading-level', message, line }];
  });
}

/** Links to a repeated heading are ambiguous. */
function lintRepeated(headings: readonly Heading[]): PageDiagnostic[] {
  const diagnostics: PageDiagnostic[] = [];
  /** Texts in the current section of each level. */
  const open: Set<string>[] = [];
  for (const { level, text, line } of headings) {
    open.length = Math.min(open.length, level + 1);
    const siblings = (open[level] ??= new Set());
    if (text !== '' && siblings.has(text)) {
      const message = `The heading ${quoted(text)} is already used in this section`;
      diagnostics.push({ rule: 'heading-repeated', message, line });
    }
    siblings.add(text);
  }
  return diagnostics;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
