import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { ConnectionRequest, WebhookSecrets } from '@reunite/contracts';
import { loadServiceIdentity } from '@reunite/platform';
import type { IdentityFiles } from '@reunite/platform';
import { vaultServiceDefinition } from '@reunite/vault-client';

/** The vault's answer to ingest over real mutual TLS; nothing else of the vault. */
export async function startVaultServer(files: IdentityFiles, secrets: readonly string[]) {
  const identity = await loadServiceIdentity(files);
  const pair = { private_key: identity.key, cert_chain: identity.cert };
  const server = new Server();
  const answer = (_: ServerUnaryCall<ConnectionRequest, WebhookSecrets>, reply: sendUnaryData<WebhookSecrets>) =>
    reply(null, { secrets: [...secrets] });
  server.addService(vaultServiceDefinition(), { getWebhookSecrets: answer });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(identity.ca, [pair], true), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
