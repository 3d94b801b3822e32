import { fileURLToPath } from 'node:url';

/** The .proto files, where `@grpc/proto-loader` finds them; the path holds from src/ and from dist/ alike. */
export const vaultProtoPath = fileURLToPath(new URL('../proto/vault.proto', import.meta.url));
export const bridgeProtoPath = fileURLToPath(new URL('../proto/bridge.proto', import.meta.url));
