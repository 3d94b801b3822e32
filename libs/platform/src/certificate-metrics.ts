import { X509Certificate } from 'node:crypto';
import { Gauge } from 'prom-client';
import { serviceOfCertificate } from './service-identity.js';

const notBefore = new Gauge({
  name: 'service_certificate_not_before_timestamp_seconds',
  help: 'Beginning of the validity of the certificate that this service identifies itself with',
  labelNames: ['app'],
});

const notAfter = new Gauge({
  name: 'service_certificate_not_after_timestamp_seconds',
  help: 'End of the validity of the certificate that this service identifies itself with',
  labelNames: ['app'],
});

/** Serves the validity of a certificate in the metrics of this process. */
export function recordCertificate(pem: Buffer): void {
  const { raw, validFrom, validTo } = new X509Certificate(pem);
  const app = serviceOfCertificate(raw) ?? 'unknown';
  notBefore.set({ app }, Date.parse(validFrom) / 1_000);
  notAfter.set({ app }, Date.parse(validTo) / 1_000);
}
