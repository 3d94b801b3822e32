import type { Token } from 'markdown-it';
import { readTag, tagEnd } from './markdoc-tags.rules.js';
import type { Conditions } from './tag-branch.rules.js';
import type { TagContext } from './tag-context.js';

/** Removes comments from HTML: tags inside of them have no effect. */
export function withoutComments(html: string): string {
  const parts: string[] = [];
  for (let at = 0; at < html.length;) {
    const comment = html.indexOf('<!--', at);
    const end = comment === -1 ? -1 : html.indexOf('-->', comment + 2);
    parts.push(html.slice(at, comment === -1 ? undefined : comment));
    at = end === -1 ? html.length : end + 3;
  }
  return parts.join('');
}

/** Resolves `if` inside of HTML. Removes comments, since the sanitizer may end them elsewhere than we do. */
export function resolveHtml(html: string, at: Token, conditions: Conditions, context: TagContext): string {
  return html.includes('{%')
    ? resolveText(withoutComments(html), at, conditions, context)
    : conditions.hidden
      ? ''
      : html;
}

/** Resolves `if` in text that is not Markdown. Other tags are shown as written and reported. */
export function resolveText(text: string, { map }: Token, conditions: Conditions, context: TagContext): string {
  const shown: string[] = [];
  const show = (from: number, to?: number) => {
    if (!conditions.hidden) shown.push(text.slice(from, to));
  };
  let from = 0;
  for (let at = text.indexOf('{%'); at !== -1; at = text.indexOf('{%', at)) {
    const end = tagEnd(text, at);
    show(from, at);
    from = at;
    at = end ?? at + 2;
    if (end === undefined) continue;
    const tag = Object.assign(readTag(text.slice(from, end)), { map });
    if (conditions.take(tag)) from = end;
    else if (!conditions.hidden) context.warn('tag-unknown', `${tag.info.slice(0, 80)} is not supported here`, tag);
  }
  show(from);
  return shown.join('');
}
