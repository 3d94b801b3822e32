import { resolveTags } from '@reunite/site-builder';
import type { Token } from 'markdown-it';
import type { PageDiagnostic } from './page-diagnostic.js';

/** A tag of any template language. Bounded: a tag is short. */
const TAG_IN_TEXT = /\{%\s{0,9}\/?[a-z][^%]{0,200}%\}/i;

/**
 * Reports Markdoc tags that are unknown or not closed, as the builder does. Does not follow includes: the link check
 * covers missing ones.
 *
 * @param tokens are modified
 * @param tags true if the page uses Markdoc; on other pages, tags are shown as written
 */
export function lintTags(tokens: readonly Token[], tags: boolean): PageDiagnostic[] {
  if (!tags) return tokens.flatMap(lintText);
  const diagnostics: PageDiagnostic[] = [];
  const reported = new Set<string>();
  resolveTags(tokens, {
    warn: (rule, message, { map }) => {
      // An unknown tag is reported once per page, at its first place.
      if (rule === 'tag-unknown' && reported.has(message)) return;
      reported.add(message);
      diagnostics.push({ ...(rule === 'tag-unclosed' && { severity: 'error' }), rule, message, line: map?.[0] ?? 0 });
    },
    include: () => [],
  });
  return diagnostics;
}

function lintText({ children, map }: Token): PageDiagnostic[] {
  const text = (children ?? []).map(({ type, content }) => (type === 'text' ? content : '')).join('');
  const [tag] = TAG_IN_TEXT.exec(text) ?? [];
  if (tag === undefined) return [];
  return [{ rule: 'tag-unknown', message: `Unknown tag ${tag}; it is shown as written`, line: map?.[0] ?? 0 }];
}
