import { pageAfterSignIn } from '../format/address.js';

const KEY = 'page-before-identity';

/** Remembers the current page before a visit to the server. Stored per tab, which is the one that returns. */
export function rememberPage(page: string): void {
  sessionStorage.setItem(KEY, page);
}

/** The remembered page. Default: the page of the provider. */
export function pageBefore(connectionId: string | null): string {
  const fallback = connectionId === null ? '/connections' : `/connections/${encodeURIComponent(connectionId)}`;
  const page = sessionStorage.getItem(KEY);
  return page === null ? fallback : pageAfterSignIn(page);
}
