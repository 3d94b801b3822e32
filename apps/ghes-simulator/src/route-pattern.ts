import { z } from 'zod';

/** Method and path without query; `*` stands for any method or any run of characters, e.g. `GET /api/v3/repos/*`. */
export const routePattern = z.string().regex(/^(\*|[A-Z]+) \/\S*$/, 'must be a method (or *), a space and a path');

/** True if the pattern matches a request. */
export function matchesRoute(pattern: string, method: string, url: string): boolean {
  const [wantedMethod = '', wantedPath = ''] = pattern.split(' ');
  const path = url.split('?')[0] ?? '/';
  const parts = wantedPath.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return (wantedMethod === '*' || wantedMethod === method) && new RegExp(`^${parts.join('.*')}$`).test(path);
}
