/** A path inside of the root (`''` is the root itself), decoded; `suffix` is its query and fragment. */
export interface PathReference {
  readonly kind: 'path';
  readonly path: string;
  readonly suffix: string;
}

/** The target of a reference in a page. */
export type Reference =
  /** Another site, or a mail address or telephone number; `href` is left as written. */
  | { readonly kind: 'external'; readonly href: string }
  /** An anchor of the same page. */
  | { readonly kind: 'fragment'; readonly href: string }
  | PathReference
  | { readonly kind: 'rejected'; readonly reason: 'leaves-root' | 'scheme' };

const ALLOWED_SCHEMES = new Set(['http', 'https', 'mailto', 'tel']);

/**
 * Resolves a reference in the file `from` (relative to the root) as a browser does: reads backslashes as slashes, drops
 * tabs and line ends, decodes `%2e%2e` to `..`. A path never leaves the root.
 */
export function resolveReference(reference: string, from: string): Reference {
  const cleaned = trimControls(reference.replace(/[\t\r\n]/g, ''));
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(cleaned)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    return ALLOWED_SCHEMES.has(scheme) ? { kind: 'external', href: cleaned } : { kind: 'rejected', reason: 'scheme' };
  }
  const suffixStart = cleaned.search(/[?#]/);
  const path = (suffixStart === -1 ? cleaned : cleaned.slice(0, suffixStart)).replaceAll('\\', '/');
  const suffix = suffixStart === -1 ? '' : cleaned.slice(suffixStart);
  if (path === '') return { kind: 'fragment', href: suffix };
  // `//host/…` inherits the scheme of the page, so its target would depend on the server of the site.
  if (path.startsWith('//')) return { kind: 'rejected', reason: 'scheme' };
  const resolved = resolvePath(path, from);
  return resolved === undefined
    ? { kind: 'rejected', reason: 'leaves-root' }
    : { kind: 'path', path: resolved, suffix };
}

/** A loop instead of `/[\u0000-\u0020]+$/`, which takes quadratic time on blanks inside of a reference. */
function trimControls(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charAt(start) <= ' ') start += 1;
  while (end > start && text.charAt(end - 1) <= ' ') end -= 1;
  return text.slice(start, end);
}

function resolvePath(path: string, from: string): string | undefined {
  const resolved = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  if (path.includes('\u0000')) return undefined;
  for (const written of path.split('/')) {
    const segment = written.includes('%') ? decode(written) : written;
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (resolved.pop() === undefined) return undefined;
    } else if (segment !== written && /[/\\\u0000]/.test(segment)) {
      return undefined;
    } else {
      resolved.push(segment);
    }
  }
  return resolved.join('/');
}

/** Keeps names with a literal percent sign, e.g. `100%.md`. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
