import MarkdownIt, { type Token } from 'markdown-it';
import type { RewriteLink } from '../links/page-links.js';
import { parseMarkdown } from './markdown.parser.js';

const { unescapeAll } = new MarkdownIt().utils;

/**
 * The syntax before an address in Markdown or in HTML, and the longest text that can be the address. Linear: every
 * repetition is bounded or delimited.
 */
const ADDRESSES =
  /(\]\(\s{0,9}|\]:\s{0,9})(<[^<>\n]*>|[^\s<>\]]+)|(\b(?:href|src)\s{0,9}=\s{0,9})("[^"\n]*"|'[^'\n]*'|[^\s<>"']+)/gi;
const ATTRIBUTES = /\b(?:href|src)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s<>"']+))/gi;

/**
 * Rewrites the addresses in Markdown that Redoc renders, and nothing else of the text. A rejected link becomes `#`,
 * which leads to the page itself.
 */
export function rewriteSource(text: string, rewrite: RewriteLink): string {
  if (!/\]\(|\]:|(?:href|src)\s{0,9}=/i.test(text)) return text;
  const answers = new Map(
    parseMarkdown(text, '')
      .tokens.flatMap(referencesIn)
      .map((reference) => [reference, rewrite(reference) ?? '#']),
  );
  const answerTo = (address: string) => answers.get(address) ?? answers.get(unescapeAll(address)) ?? address;
  return text.replace(ADDRESSES, (written: string, ...groups: (string | undefined)[]) => {
    const [link, destination = '', attribute = '', value = ''] = groups;
    const [before, behind] = link === undefined ? [attribute, value] : [link, destination];
    const quoted = link === undefined ? /^["']/.test(behind) : behind.startsWith('<');
    const address = quoted ? behind.slice(1, -1) : destinationIn(behind, before.startsWith(']('));
    const answer = answerTo(address);
    return answer === address ? written : before + behind.replace(address, () => quotable(answer));
  });
}

function referencesIn({ type, content, children }: Token): string[] {
  if (type === 'html_block' || type === 'html_inline')
    return [...content.matchAll(ATTRIBUTES)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  return (children ?? []).flatMap((child) => {
    const address = child.attrGet(child.type === 'image' ? 'src' : 'href');
    return address === null ? referencesIn(child) : [String(address)];
  });
}

/** Cuts at the bracket that closes the link: `a(b).md).` → `a(b).md`. */
function destinationIn(text: string, inBrackets: boolean): string {
  let open = 0;
  for (let at = 0; inBrackets && at < text.length; at += 1) {
    if (text.charAt(at) === '(') open += 1;
    else if (text.charAt(at) === ')' && (open -= 1) < 0) return text.slice(0, at);
  }
  return text;
}

/** Encodes brackets, quotes and blanks, so that the address fits into any syntax. */
function quotable(address: string): string {
  return address.replace(/[\s"'<>()\\]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
