import { fileURLToPath } from 'node:url';

/** The .proto files, where `@grpc/proto-loader` finds them; the path holds from src/ and from dist/ alike. */
export const vaultProtoPath = fileURLToPath(new URL('../proto/vault.proto', import.meta.url));
export const bridgeProtoPath = fileURLToPath(new URL('../proto/bridge.proto', import.meta.url));

/**
 * The options that load the .proto files, for clients and servers. The types in src/generated are generated for them.
 */
export const PROTO_LOADER_OPTIONS = { keepCase: false, longs: Number, defaults: true, arrays: true } as const;
