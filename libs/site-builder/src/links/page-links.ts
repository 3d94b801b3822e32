import type { WarningCode } from '../problem.js';
import { resolveReference } from './links.rules.js';
import type { SiteIndex } from './site-index.js';

/** Returns the address in the site, or undefined if the reference must not be a link. */
export type RewriteLink = (reference: string) => string | undefined;

/** A link as written in a file, and its result: the address, or `!` and the code of a warning. */
export interface LinkAnswer {
  readonly from: string;
  readonly reference: string;
  readonly answer: string;
}

/** A link with its target. */
export interface CheckedLink extends Pick<LinkAnswer, 'from' | 'reference'> {
  readonly target: ResolvedLink;
}

export type ResolvedLink =
  | { readonly kind: 'external'; readonly href: string }
  | { readonly kind: 'asset'; readonly href: string; readonly asset: string }
  /** `folder` is undefined for a link inside of the page. */
  | { readonly kind: 'page'; readonly href: string; readonly folder: string | undefined; readonly fragment: string }
  | { readonly kind: 'broken'; readonly code: WarningCode; readonly reason: string };

/** Resolves a reference in the file `from` to its target in the site. */
export function resolveLink(written: string, from: string, index: SiteIndex): ResolvedLink {
  const reference = resolveReference(written, from);
  if (reference.kind === 'external') return reference;
  if (reference.kind === 'fragment') {
    return { kind: 'page', href: reference.href, folder: undefined, fragment: fragmentOf(reference.href) };
  }
  if (reference.kind === 'rejected') {
    return reference.reason === 'leaves-root'
      ? { kind: 'broken', code: 'link-leaves-root', reason: 'leads out of the root folder' }
      : { kind: 'broken', code: 'link-rejected', reason: 'has a scheme that is not allowed' };
  }
  const { path, suffix } = reference;
  const target = index.find(path);
  if (target?.asset !== undefined) return { kind: 'asset', href: target.href + suffix, asset: target.asset };
  if (target) {
    return { kind: 'page', href: target.href + suffix, folder: target.folder, fragment: fragmentOf(suffix) };
  }
  const unpublished = index.unpublishedReason(path);
  return unpublished !== undefined
    ? { kind: 'broken', code: 'file-not-published', reason: `leads to a file that is not published: ${unpublished}` }
    : { kind: 'broken', code: 'link-broken', reason: 'does not lead to a page or file' };
}

export function answerOf(link: ResolvedLink): string {
  return link.kind === 'broken' ? `!${link.code}` : link.href;
}

/** Rewrites the links and images of one page to addresses of the site, and records them. */
export class PageLinks {
  private readonly targetsByFile = new Map<string, Map<string, ResolvedLink>>();

  constructor(private readonly index: SiteIndex) {}

  /** Returns the rewriter for references in the file `from`. */
  rewriter(from: string): RewriteLink {
    const targets = this.targetsByFile.get(from) ?? new Map<string, ResolvedLink>();
    this.targetsByFile.set(from, targets);
    return (reference) => {
      const target = targets.get(reference) ?? resolveLink(reference, from, this.index);
      if (target.kind !== 'external') targets.set(reference, target);
      return target.kind === 'broken' ? undefined : target.href;
    };
  }

  get links(): CheckedLink[] {
    return [...this.targetsByFile].flatMap(([from, targets]) =>
      [...targets].map(([reference, target]) => ({ from, reference, target })),
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
