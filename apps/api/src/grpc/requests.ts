import type { Metadata } from '@grpc/grpc-js';

/** A request as proto-loader gives it: every field is there or has its default. What it holds is judged by the schemas. */
export interface GetRequest {
  readonly id: string;
}

/** `idempotency-key` of a call's metadata, as the HTTP header. */
export function idempotencyKeyOf(metadata: Metadata): string | undefined {
  return metadata.get('idempotency-key')[0]?.toString();
}
