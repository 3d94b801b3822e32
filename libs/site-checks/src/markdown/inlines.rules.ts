import type { Token } from 'markdown-it';
import type { PageFault } from './lint-page.js';
import { plainText } from './plain-text.rules.js';

/** Links that lead nowhere or say nothing, images that say nothing. */
export function inlineFaults(tokens: readonly Token[]): PageFault[] {
  return tokens.flatMap(({ type, children, map }) =>
    type === 'inline' && children ? faultsOf(children, map?.[0] ?? 0) : [],
  );
}

function faultsOf(children: readonly Token[], firstLine: number): PageFault[] {
  const faults: PageFault[] = [];
  let line = firstLine;
  let link: { readonly from: number; readonly line: number } | undefined;
  children.forEach((token, index) => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    else if (token.type === 'link_open') {
      link = { from: index + 1, line };
      const target = token.attrGet('href');
      if (target === '' || target === '#') faults.push({ rule: 'link-empty', message: 'The link has no target', line });
    } else if (token.type === 'link_close' && link) {
      const text = plainText(children.slice(link.from, index));
      if (text === '') faults.push({ rule: 'link-without-text', message: 'The link has no text', line: link.line });
    } else if (token.type === 'image' && plainText(token.children) === '') {
      const message = 'The image has no alternative text; say what it shows';
      faults.push({ rule: 'image-without-text', message, line });
    }
  });
  return faults;
}
