import { createHmac, timingSafeEqual } from 'node:crypto';

const signatureHeader = /^sha256=([0-9a-f]{64})$/;

/** Whether a value of `X-Hub-Signature-256` can be a signature at all: what cannot need not be computed against. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && signatureHeader.test(header);
}

/**
 * Whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of the raw body under one of the secrets: the current one,
 * or the one before it while it is being replaced. Compared in constant time. A missing or malformed header, and an
 * empty list of secrets, are false.
 *
 * @see https://docs.github.com/enterprise-server/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function verifySignature(body: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  if (!isSignature(header)) return false;
  const signature = Buffer.from(header.slice('sha256='.length), 'hex');
  // `createHmac` takes 8 µs for a usual payload; WebCrypto's asynchronous one takes 54.
  return secrets.some(
    (secret) => secret !== '' && timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature),
  );
}
