import type { WarningCode } from '../problem.js';
import { resolveReference } from './links.rules.js';
import type { SiteIndex } from './site-index.js';

/** Gives the address to write into the site, or undefined if the reference must not be a link. */
export type RewriteLink = (reference: string) => string | undefined;

/** A link as it is written in a file, and what became of it: its address, or `!` and why it has none. */
export interface LinkAnswer {
  readonly from: string;
  readonly reference: string;
  readonly answer: string;
}

export type ResolvedLink =
  | { readonly kind: 'external'; readonly href: string }
  | { readonly kind: 'asset'; readonly href: string; readonly asset: string }
  /** `folder` is undefined for a place in the same page. */
  | { readonly kind: 'page'; readonly href: string; readonly folder: string | undefined; readonly fragment: string }
  | { readonly kind: 'fault'; readonly code: WarningCode; readonly reason: string };

/** Where a reference in the file `from` leads in the site. */
export function resolveLink(written: string, from: string, index: SiteIndex): ResolvedLink {
  const reference = resolveReference(written, from);
  if (reference.kind === 'external') return reference;
  if (reference.kind === 'fragment') {
    return { kind: 'page', href: reference.href, folder: undefined, fragment: fragmentOf(reference.href) };
  }
  if (reference.kind === 'rejected') {
    return reference.reason === 'leaves-root'
      ? { kind: 'fault', code: 'link-leaves-root', reason: 'leads out of the root folder' }
      : { kind: 'fault', code: 'link-rejected', reason: 'is not a kind of link that a site may have' };
  }
  const { path, suffix } = reference;
  const target = index.find(path);
  if (target?.asset !== undefined) return { kind: 'asset', href: target.href + suffix, asset: target.asset };
  if (target) {
    return { kind: 'page', href: target.href + suffix, folder: target.folder, fragment: fragmentOf(suffix) };
  }
  return index.isUnpublished(path)
    ? { kind: 'fault', code: 'file-not-published', reason: 'leads to a file that is not published' }
    : { kind: 'fault', code: 'link-broken', reason: 'leads to no page or file' };
}

export function answerOf(link: ResolvedLink): string {
  return link.kind === 'fault' ? `!${link.code}` : link.href;
}

/** Rewrites the links and images of one page to addresses of the site, and remembers each, once. */
export class PageLinks {
  readonly #answers = new Map<string, Map<string, string>>();

  constructor(private readonly index: SiteIndex) {}

  /** For references that are written in the file `from`. */
  rewriter(from: string): RewriteLink {
    const known = this.#answers.get(from) ?? new Map<string, string>();
    this.#answers.set(from, known);
    return (reference) => {
      let answer = known.get(reference);
      if (answer === undefined) {
        const link = resolveLink(reference, from, this.index);
        if (link.kind === 'external') return link.href;
        answer = answerOf(link);
        known.set(reference, answer);
      }
      return answer.startsWith('!') ? undefined : answer;
    };
  }

  get answers(): LinkAnswer[] {
    return [...this.#answers].flatMap(([from, answers]) =>
      [...answers].map(([reference, answer]) => ({ from, reference, answer })),
    );
  }
}

function fragmentOf(suffix: string): string {
  const start = suffix.indexOf('#');
  if (start === -1) return '';
  try {
    return decodeURIComponent(suffix.slice(start + 1));
  } catch {
    return suffix.slice(start + 1);
  }
}
