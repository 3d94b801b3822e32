import type { Metadata } from '@grpc/grpc-js';

/** `idempotency-key` of a call's metadata, as the HTTP header. */
export function idempotencyKeyOf(metadata: Metadata): string | undefined {
  return metadata.get('idempotency-key')[0]?.toString();
}
