import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** Reason why the proxy opened no tunnel. */
export type ProxyFailure = 'unreachable' | 'authentication' | 'rejected' | 'not-a-proxy';

const REMEDIES: Readonly<Record<ProxyFailure, string>> = {
  unreachable: 'Check the address of the proxy and the firewall between here and the proxy.',
  authentication: 'Enter the user name and the password that the proxy expects.',
  rejected: 'Let the administrator of the proxy allow CONNECT to the host and port of the server.',
  'not-a-proxy': 'Enter the address of an HTTP proxy that supports CONNECT.',
};

/** The proxy did not open a tunnel to the server. Nothing was sent to the server. */
export class GhesProxyError extends GhesError {
  readonly code: 'ghes-proxy-unreachable' | 'ghes-proxy-rejected';
  readonly remedy: string;

  constructor(
    readonly failure: ProxyFailure,
    message: string,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
    this.code = failure === 'unreachable' ? 'ghes-proxy-unreachable' : 'ghes-proxy-rejected';
    this.remedy = REMEDIES[failure];
  }
}
