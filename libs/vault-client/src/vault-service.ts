import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { vaultProtoPath } from '@reunite/contracts';

/** Trailers that carry the stable part of an error; the message beside them is for people. */
export const codeTrailer = 'reunite-code';
export const retryableTrailer = 'reunite-retryable';

/** `vault.proto` as grpc-js takes it, with the options that `vault-messages.ts` is written for. Both ends use this one. */
export function vaultServiceDefinition(): Record<string, MethodDefinition<object, unknown>> {
  const definition = loadSync(vaultProtoPath, { keepCase: false, longs: Number, defaults: true, arrays: true });
  return definition['reunite.vault.v1.Vault'] as Record<string, MethodDefinition<object, unknown>>;
}
