import type { FastifyRequest } from 'fastify';
import { ApiError } from '../rest/api.error.js';

/**
 * Admits only programs of this machine. A page of another site could otherwise reach the control through the browser:
 * by DNS rebinding (its own name in `Host`) or by posting a form (its own origin in `Origin`).
 *
 * @throws ApiError 403
 */
export function requireLocalCaller(request: FastifyRequest): void {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  if (!isLoopbackAddress(request.socket.remoteAddress) || !isLoopbackHost(host)) {
    throw new ApiError(403, 'The control is available on this machine only, under a loopback name.');
  }
  const isForeign =
    (origin !== undefined && !isOriginOf(origin, host)) || site === 'cross-site' || site === 'same-site';
  if (isForeign) throw new ApiError(403, 'The control does not accept requests from pages of other origins.');
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

/** `localhost` resolves to loopback in every browser; other names may not (RFC 6761, section 6.3). */
function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
}

function isOriginOf(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase();
}
