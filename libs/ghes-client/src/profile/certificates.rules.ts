import { X509Certificate } from 'node:crypto';
import type { Certificate } from '@reunite/contracts';

const DAY_MS = 86_400_000;
const MAX_NAME = 300;
const BLOCK = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]*-----END CERTIFICATE-----/g;

/**
 * Reads the certificates of a PEM bundle; text between them is ignored, as in the bundles of operating systems. Returns
 * null if there is none or one cannot be read.
 */
export function readCertificates(pem: string): X509Certificate[] | null {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0 || blocks.length !== (pem.match(/-----BEGIN /g) ?? []).length) return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** Returns the fields of a certificate that are shown. Its names are the issuer's choice and may contain anything. */
export function describeCertificate(certificate: X509Certificate, now = new Date()): Certificate {
  const validTo = timeOf(certificate.validTo);
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    fingerprint: certificate.fingerprint256,
    validFrom: timeOf(certificate.validFrom).toISOString(),
    validTo: validTo.toISOString(),
    daysLeft: Math.floor((validTo.getTime() - now.getTime()) / DAY_MS),
  };
}

/** A malformed time, which OpenSSL describes as "Bad time value", counts as 1970. */
function timeOf(text: string): Date {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}

/** Describes every certificate of a bundle that was accepted before. */
export function describeCertificates(pem: string, now = new Date()): Certificate[] {
  return (readCertificates(pem) ?? []).map((certificate) => describeCertificate(certificate, now));
}

/** Host names and addresses that a certificate is valid for. */
export function certificateNames({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .filter((name) => name !== '')
    .slice(0, 100);
}

/** `CN=GHES, O=Acme` instead of one attribute per line; empty for a certificate without a subject. */
function nameOf(lines: string): string {
  return lines
    .split('\n')
    .reverse()
    .join(', ')
    .replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}')
    .slice(0, MAX_NAME);
}
