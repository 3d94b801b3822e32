import { resolveTags } from '@reunite/site-builder';
import type { Token } from 'markdown-it';
import type { PageFault } from './lint-page.js';

/** Of whatever template language; what lies between is short where it is one. */
const tagInText = /\{%\s{0,9}\/?[a-z][^%]{0,200}%\}/i;

/**
 * Markdoc tags that are not known, or not closed where they were opened, as the builder finds them. What they include is
 * not looked into: the builder knows where it lies, and the link check has what it says of it.
 *
 * @param tokens are used up
 * @param tags whether the page is one of Markdoc; on others, what looks like a tag is shown as it is written
 */
export function tagFaults(tokens: readonly Token[], tags: boolean): PageFault[] {
  if (!tags) return tokens.flatMap(tagsInText);
  const faults: PageFault[] = [];
  resolveTags(tokens, {
    warn: (rule, message, { map }) => {
      faults.push({ ...(rule === 'tag-unclosed' && { severity: 'error' }), rule, message, line: map?.[0] ?? 0 });
    },
    include: () => [],
  });
  return faults;
}

function tagsInText({ children, map }: Token): PageFault[] {
  const text = (children ?? []).map(({ type, content }) => (type === 'text' ? content : '')).join('');
  const [tag] = tagInText.exec(text) ?? [];
  if (tag === undefined) return [];
  return [
    {
      rule: 'tag-unknown',
      message: `${tag} is no tag that is known; it is shown as it is written`,
      line: map?.[0] ?? 0,
    },
  ];
}
