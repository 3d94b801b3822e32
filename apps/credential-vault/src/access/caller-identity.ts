import type { ServerUnaryCall } from '@grpc/grpc-js';
import { serviceOfCertificate } from '@reunite/platform';
import { LRUCache } from 'lru-cache';

/** Services have few certificates, and only those of our authority pass TLS. */
const MAX_CERTIFICATES = 1_000;

/**
 * Identifies the calling service by its client certificate, which TLS has verified for the connection. The result is
 * cached by the certificate's SHA-256, because parsing it costs more than a call.
 */
export class CallerIdentity {
  private readonly cache = new LRUCache<string, { readonly service: string | null }>({ max: MAX_CERTIFICATES });

  /** @returns the service that the certificate names; null if it names none */
  of(call: Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>): string | null {
    const certificate = call.getAuthContext().sslPeerCertificate;
    if (!certificate) return null;
    const { fingerprint256, raw } = certificate;
    const cached = this.cache.get(fingerprint256);
    if (cached) return cached.service;
    const service = serviceOfCertificate(raw);
    this.cache.set(fingerprint256, { service });
    return service;
  }
}
