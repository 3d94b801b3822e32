import type { ServerUnaryCall } from '@grpc/grpc-js';
import { serviceOfCertificate } from '@reunite/platform';

/** Certificates that are remembered; services have few, and only those of our authority get this far. */
const REMEMBERED = 1_000;

/**
 * Which service a call comes from, by its certificate. TLS has verified the certificate with the connection; what it
 * says is read once and remembered by its SHA-256, because parsing it with every call would cost more than the call.
 */
export class CallerIdentity {
  private readonly services = new Map<string, string | null>();

  /** The service that the call's client certificate stands for; null where it names none. */
  of(call: Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>): string | null {
    const certificate = call.getAuthContext().sslPeerCertificate;
    if (!certificate) return null;
    const { fingerprint256, raw } = certificate;
    let service = this.services.get(fingerprint256);
    if (service === undefined) {
      service = serviceOfCertificate(raw);
      if (this.services.size >= REMEMBERED) this.services.clear();
      this.services.set(fingerprint256, service);
    }
    return service;
  }
}
