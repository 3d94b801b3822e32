import { ForbiddenError } from '@reunite/contracts';

interface OriginRequest {
  readonly method: string;
  readonly headers: { readonly origin?: string | undefined };
}

/**
 * Browsers send the cookie with requests of any site, so a write must come from our own pages. Browsers name the origin
 * of every write (https://fetch.spec.whatwg.org/#origin-header); other clients may leave it out where no cookie is at
 * stake.
 *
 * @throws ForbiddenError
 */
export function assertSameOrigin(request: OriginRequest, publicUrl: string, byCookie: boolean): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin } = request.headers;
  if (origin === publicUrl || (origin === undefined && !byCookie)) return;
  throw new ForbiddenError(`This call must come from ${publicUrl}. Open the console there and try again.`);
}
