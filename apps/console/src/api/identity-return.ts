import { pageAfterSignIn } from '../format/address.js';

const KEY = 'page-before-identity';

/** From where the person leaves for the server. It stays with the tab, which is the one that comes back. */
export function rememberPage(page: string): void {
  sessionStorage.setItem(KEY, page);
}

/** Where they were, or else the provider that they verified their identity for. */
export function pageBefore(connectionId: string | null): string {
  const fallback = connectionId === null ? '/connections' : `/connections/${encodeURIComponent(connectionId)}`;
  const page = sessionStorage.getItem(KEY);
  return page === null ? fallback : pageAfterSignIn(page);
}
