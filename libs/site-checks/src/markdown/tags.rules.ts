import { resolveTags } from '@reunite/site-builder';
import type { Token } from 'markdown-it';
import type { PageFault } from './lint-page.js';

/**
 * Markdoc tags that are not known, or not closed where they were opened, as the builder finds them. What they include is
 * not looked into: the builder knows where it lies, and the link check has what it says of it.
 *
 * @param tokens are used up
 */
export function tagFaults(tokens: readonly Token[]): PageFault[] {
  const faults: PageFault[] = [];
  resolveTags(tokens, {
    warn: (rule, message, { map }) => {
      faults.push({ ...(rule === 'tag-unclosed' && { severity: 'error' }), rule, message, line: map?.[0] ?? 0 });
    },
    include: () => [],
  });
  return faults;
}
