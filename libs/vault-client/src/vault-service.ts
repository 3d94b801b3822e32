import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { PROTO_LOADER_OPTIONS, vaultProtoPath } from '@reunite/contracts';

/** Trailers with the stable parts of an error. The gRPC message is its user-facing text. */
export const CODE_TRAILER = 'reunite-code';
export const RETRYABLE_TRAILER = 'reunite-retryable';
/** The invalid fields of a request, as JSON. */
export const VIOLATIONS_TRAILER = 'reunite-violations-bin';

/** Loads `vault.proto` for grpc-js. Client and server both use it. */
export function vaultServiceDefinition(): Record<string, MethodDefinition<object, unknown>> {
  const definition = loadSync(vaultProtoPath, PROTO_LOADER_OPTIONS);
  return definition['reunite.vault.v1.Vault'] as Record<string, MethodDefinition<object, unknown>>;
}
