// What the vault is measured against: the same call over the same transport, answered with a constant.
import { readFileSync } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';

const { vaultServiceDefinition } = await import(new URL('../libs/vault-client/dist/index.js', import.meta.url).href);
const { TLS_CA_FILE, TLS_CERT_FILE, TLS_KEY_FILE } = process.env;
const token = { token: 'x'.repeat(500), expiresAt: new Date().toISOString(), origin: 'https://ghes.example.com' };
const service = vaultServiceDefinition();
const answer = (_call, callback) => callback(null, token);
const server = new Server();
server.addService(
  service,
  Object.fromEntries(Object.values(service).map(({ originalName }) => [originalName, answer])),
);
const pair = { cert_chain: readFileSync(TLS_CERT_FILE), private_key: readFileSync(TLS_KEY_FILE) };
const credentials = ServerCredentials.createSsl(readFileSync(TLS_CA_FILE), [pair], true);
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error) throw error;
  process.stdout.write(`${JSON.stringify({ ready: true, service: 'vault-peer', port })}\n`);
});
process.once('SIGTERM', () => server.forceShutdown());
