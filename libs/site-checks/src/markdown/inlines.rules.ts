import type { Token } from 'markdown-it';
import type { PageDiagnostic } from './page-diagnostic.js';
import { plainText } from './plain-text.rules.js';

/** Reports links without a target or a text, and images without an alternative text. */
export function lintInlines(tokens: readonly Token[]): PageDiagnostic[] {
  return tokens.flatMap(({ type, children, map }) =>
    type === 'inline' && children ? lintLine(children, map?.[0] ?? 0) : [],
  );
}

function lintLine(children: readonly Token[], firstLine: number): PageDiagnostic[] {
  const diagnostics: PageDiagnostic[] = [];
  let line = firstLine;
  let link: { readonly from: number; readonly line: number } | undefined;
  children.forEach((token, index) => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    else if (token.type === 'link_open') {
      link = { from: index + 1, line };
      const target = token.attrGet('href');
      if (target !== '' && target !== '#') return;
      diagnostics.push({ rule: 'link-empty', message: 'The link has no target', line });
    } else if (token.type === 'link_close' && link) {
      const text = plainText(children.slice(link.from, index));
      if (text !== '') return;
      diagnostics.push({ rule: 'link-without-text', message: 'The link has no text', line: link.line });
    } else if (token.type === 'image' && plainText(token.children) === '') {
      diagnostics.push({ rule: 'image-without-text', message: 'The image has no alternative text', line });
    }
  });
  return diagnostics;
}
