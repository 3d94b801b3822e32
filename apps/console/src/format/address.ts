/** Returns `address` if it is an http(s) URL. Addresses come from servers, which may send `javascript:`. */
export function webAddress(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? address : undefined;
}

/** The host of a URL, e.g. `ghes.example.com`, or the text itself if it is not a URL. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** Longest name before the first dot that is shown completely. */
const SHOWN_LABEL = 14;

/** The host of a URL with a long first name cut in the middle: `prj-…d679.preview.example.com`. */
export function shortHostOf(address: string): string {
  const host = hostOf(address);
  const [first = '', ...rest] = host.split('.');
  if (first.length <= SHOWN_LABEL) return host;
  return [`${first.slice(0, 4)}…${first.slice(-4)}`, ...rest].join('.');
}

/** A placeholder origin, to distinguish paths from URLs of other origins. */
const ORIGIN = 'https://console.invalid';

/**
 * The path to open after signing in. Resolves `next` as a browser does, which drops tabs and reads `\\` as `/`: a path
 * like `/<tab>/evil.example` leads to another origin. Returns `/` for other origins and for the sign-in page itself.
 */
export function pageAfterSignIn(next: string | null): string {
  if (!next?.startsWith('/') || !URL.canParse(next, ORIGIN)) return '/';
  const url = new URL(next, ORIGIN);
  if (url.origin !== ORIGIN || url.pathname.startsWith('/sign-in')) return '/';
  const path = url.pathname + url.search + url.hash;
  // `/./` + `/evil.example` normalizes to `//evil.example`.
  return path.startsWith('//') ? '/' : path;
}
