import { createHmac, timingSafeEqual, webcrypto } from 'node:crypto';
import pLimit from 'p-limit';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * Bodies from this size on are hashed in libuv's thread pool: 25 MB take about 15 ms per secret, which would block
 * the event loop. Below it, `createHmac` is faster (8 µs for a usual payload, WebCrypto 54 µs).
 */
const ASYNC_BYTES = 256 * 1024;

/** Leaves threads of the pool (four by default) to name resolution and files. */
const inThreadPool = pLimit(2);

/** True if a value of `X-Hub-Signature-256` is well-formed, so that computing an HMAC to compare makes sense. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && SIGNATURE.test(header);
}

/**
 * Verifies `X-Hub-Signature-256`: the HMAC-SHA256 of the raw body under one of the secrets, the current one or the
 * previous one during a rotation. Compares in constant time. Resolves with false for a missing or malformed header and
 * for an empty list of secrets.
 *
 * @see https://docs.github.com/enterprise-server/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function verifySignature(
  body: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): Promise<boolean> {
  if (!isSignature(header)) return false;
  const signature = Buffer.from(header.slice('sha256='.length), 'hex');
  for (const secret of secrets) {
    if (secret === '') continue;
    const matches =
      body.length < ASYNC_BYTES
        ? timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature)
        : await inThreadPool(() => verifyInThreadPool(body, signature, secret));
    if (matches) return true;
  }
  return false;
}

async function verifyInThreadPool(body: Buffer, signature: Buffer, secret: string): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), algorithm, false, ['verify']);
  return webcrypto.subtle.verify('HMAC', key, signature, body);
}
