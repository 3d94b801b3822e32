import type { ProblemLog } from '../problem-log.js';
import type { WarningCode } from '../problem.js';
import { lineAt } from '../syntax/yaml.rules.js';
import { resolveReference, type PathReference } from './links.rules.js';
import type { SiteIndex } from './site-index.js';

/** Gives the address to write into the site, or undefined if the reference must not be a link. */
export type RewriteLink = (reference: string) => string | undefined;

interface PageText {
  readonly file: string;
  readonly text: string;
}

/**
 * Rewrites the links and images of one page to addresses of the site. What leads nowhere, out of the root or to a script is
 * neutralised and reported, once per page and reference.
 */
export function createLinkRewriter(
  { file, text }: PageText,
  index: SiteIndex,
  problems: ProblemLog,
  linked: (asset: string) => void,
): RewriteLink {
  const reported = new Set<string>();

  function refuse(reference: string, code: WarningCode, reason: string): void {
    if (problems.full || reported.has(reference)) return;
    reported.add(reference);
    const position = positionOf(reference, text);
    const message = `${JSON.stringify(shorten(reference))} ${reason}`;
    problems.warn({ code, message, file, ...(position !== -1 && { line: lineAt(text, position) }) });
  }

  return (written) => {
    const reference = resolveReference(written, file);
    switch (reference.kind) {
      case 'external':
      case 'fragment':
        return reference.href;
      case 'refused':
        if (reference.reason === 'leaves-root') refuse(written, 'link-leaves-root', 'leads out of the root folder');
        else refuse(written, 'link-refused', 'is not a kind of link that a site may have');
        return undefined;
      case 'path':
        return toSite(written, reference);
    }
  };

  function toSite(written: string, { path, suffix }: PathReference): string | undefined {
    const target = index.find(path);
    if (target?.asset !== undefined) linked(target.asset);
    if (target) return target.href + suffix;
    if (index.isUnpublished(path)) refuse(written, 'file-not-published', 'leads to a file that is not published');
    else refuse(written, 'link-broken', 'leads to no page or file');
    return undefined;
  }
}

/** Where a reference is written, most likely: behind what precedes one in Markdown or HTML, else wherever it stands. */
function positionOf(reference: string, text: string): number {
  for (const before of ['(', '"', '<', '=', "'", ']: ', '']) {
    const position = text.indexOf(before + reference);
    if (position !== -1) return position;
  }
  return -1;
}

function shorten(reference: string): string {
  return reference.length > 120 ? `${reference.slice(0, 119)}…` : reference;
}
