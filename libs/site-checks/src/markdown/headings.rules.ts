import type { Token } from 'markdown-it';
import type { PageFault } from './lint-page.js';
import { plainText } from './plain-text.rules.js';

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly line: number;
}

/** @param titled whether the page has its title from elsewhere */
export function headingFaults(tokens: readonly Token[], titled: boolean): PageFault[] {
  const headings = headingsOf(tokens);
  const faults = [...emptyHeadings(headings), ...levelJumps(headings), ...repeatedHeadings(headings)];
  const [first, second] = headings.filter(({ level }) => level === 1);
  const hasHtmlTitle = tokens.some(({ type, content }) => type === 'html_block' && /<h1[\s>]/i.test(content));
  if (!first && !titled && !hasHtmlTitle) {
    const message = 'The page has no title: begin it with a heading of level 1, or give it a title in its front matter';
    faults.push({ rule: 'title-missing', message, line: 0 });
  }
  if (second) {
    const message = `The page has a second heading of level 1: ${quoted(second.text)}`;
    faults.push({ rule: 'title-repeated', message, line: second.line });
  }
  return faults;
}

function headingsOf(tokens: readonly Token[]): Heading[] {
  return tokens.flatMap(({ type, tag, map }, index) =>
    type === 'heading_open'
      ? [{ level: Number(tag.slice(1)), text: plainText(tokens[index + 1]?.children), line: map?.[0] ?? 0 }]
      : [],
  );
}

function emptyHeadings(headings: readonly Heading[]): PageFault[] {
  const empty = headings.filter(({ text }) => text === '');
  return empty.map(({ line }) => ({ rule: 'heading-empty', message: 'The heading has no text', line }));
}

/** A level that is left out breaks the outline that screen readers go by. */
function levelJumps(headings: readonly Heading[]): PageFault[] {
  return headings.flatMap(({ level, line }, index) => {
    // The title of a page may stand in its front matter.
    const before = headings[index - 1]?.level ?? 1;
    if (level <= before + 1) return [];
    const message = `A heading of level ${level} follows one of level ${before}; level ${before + 1} is left out`;
    return [{ rule: 'heading-level', message, line }];
  });
}

/** The same heading twice in one section: a link to it cannot tell which is meant. */
function repeatedHeadings(headings: readonly Heading[]): PageFault[] {
  const faults: PageFault[] = [];
  /** Texts of the section that is open on each level. */
  const open: Set<string>[] = [];
  for (const { level, text, line } of headings) {
    open.length = Math.min(open.length, level + 1);
    const siblings = (open[level] ??= new Set());
    if (text !== '' && siblings.has(text)) {
      faults.push({
        rule: 'heading-repeated',
        message: `The heading ${quoted(text)} is in this section already`,
        line,
      });
    }
    siblings.add(text);
  }
  return faults;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
