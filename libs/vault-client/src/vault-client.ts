import type { PeerCertificate } from 'node:tls';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { isErrorCode } from '@reunite/contracts';
import type { InputViolation, VaultMethod, VaultMethods } from '@reunite/contracts';
import { serviceOfCertificate, WatchedIdentity } from '@reunite/platform';
import type { ServiceIdentity } from '@reunite/platform';
import { currentTraceparent, withSpan } from '@reunite/telemetry';
import { CODE_TRAILER, vaultServiceDefinition, VIOLATIONS_TRAILER } from './vault-service.js';
import { z } from 'zod';
import { measureCall } from './vault-client-metrics.js';
import { VaultError } from './vault.error.js';

export interface VaultClientOptions {
  /** `host:port` of the vault. */
  readonly address: string;
  /**
   * This service's certificate and the authority that must have issued the vault's. Pass a watched one to allow
   * renewal.
   */
  readonly identity: ServiceIdentity | WatchedIdentity;
}

/** Methods that change a connection's credentials on behalf of an administrator. */
export type ManagementMethod =
  | 'registerApp'
  | 'rotatePrivateKey'
  | 'rotateClientSecret'
  | 'rotateWebhookSecret'
  | 'forgetTokens'
  | 'replaceConnectionProfile'
  | 'inspectServerCertificate'
  | 'repairWebhook';

type Calls<Methods extends VaultMethod> = {
  [Method in Methods]: (request: VaultMethods[Method]['request']) => Promise<VaultMethods[Method]['response']>;
};

/** The vault's methods except those of {@link ManagementMethod}. Every call may throw a {@link VaultError}. */
export interface VaultClient extends Calls<Exclude<VaultMethod, ManagementMethod>> {
  /** Resolves when the vault is reachable; for readiness checks. @throws VaultError after `withinMs` */
  ready(withinMs: number): Promise<void>;
  close(): void;
}

/** All of the vault's methods. */
export interface ManagingVaultClient extends VaultClient, Calls<ManagementMethod> {}

/**
 * Deadlines in ms. Most calls wait for the GHES, and a new app may need several attempts. Sign-out and deletion also
 * wait for a running renewal and for the revocation.
 */
const DEADLINES_MS: Readonly<Record<VaultMethod, number>> = {
  beginManifest: 30_000,
  completeManifest: 60_000,
  getApp: 30_000,
  listInstallations: 45_000,
  mintInstallationToken: 30_000,
  getWebhookSecrets: 5_000,
  registerApp: 60_000,
  rotatePrivateKey: 30_000,
  rotateClientSecret: 10_000,
  rotateWebhookSecret: 30_000,
  forgetTokens: 5_000,
  beginUserSignIn: 5_000,
  completeUserSignIn: 30_000,
  confirmUserSignIn: 5_000,
  getUserAccount: 15_000,
  mintUserToken: 30_000,
  endUserSignIn: 25_000,
  replaceConnectionProfile: 30_000,
  getConnectionProfile: 10_000,
  inspectServerCertificate: 30_000,
  getWebhook: 30_000,
  pingWebhook: 45_000,
  listWebhookDeliveries: 45_000,
  redeliverWebhooks: 60_000,
  readWebhookDelivery: 60_000,
  repairWebhook: 30_000,
  listAuditRecords: 5_000,
  getTokenUsage: 5_000,
  deleteConnection: 25_000,
};

/**
 * Connects to the credential vault with mutual TLS, on the first call. The vault is identified by the service name in
 * its certificate (`reunite://service/credential-vault`), not by its host name, so any address works.
 */
export function createVaultClient({ address, identity }: VaultClientOptions): ManagingVaultClient {
  const channelCredentials =
    identity instanceof WatchedIdentity
      ? identity.channelCredentials({ checkServerIdentity })
      : credentials.createSsl(identity.ca, identity.key, identity.cert, { checkServerIdentity });
  const client = new Client(address, channelCredentials, {
    'grpc.keepalive_time_ms': 30_000,
    // TLS does not allow an IP address as a server name.
    'grpc.ssl_target_name_override': 'credential-vault',
  });
  const methods = Object.values(vaultServiceDefinition()).map((definition) => {
    const method = definition.originalName as VaultMethod;
    return [method, (request: object) => unary(client, method, definition, request)];
  });
  const calls = Object.fromEntries(methods) as Calls<VaultMethod>;

  return {
    ...calls,
    ready: (withinMs) =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + withinMs, (error) => (error ? reject(unavailable(error)) : resolve()));
      }),
    close: () => client.close(),
  };
}

function checkServerIdentity(_host: string, certificate: PeerCertificate): Error | undefined {
  if (serviceOfCertificate(certificate.raw) === 'credential-vault') return undefined;
  return new Error('The server certificate is not the credential vault’s.');
}

function unary(
  client: Client,
  method: VaultMethod,
  definition: MethodDefinition<object, unknown>,
  request: object,
): Promise<unknown> {
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': 'credential-vault', 'rpc.method': method };
  return withSpan(`vault ${method}`, { kind: 'client', attributes }, () =>
    measureCall(method, () => send(client, method, definition, request)),
  );
}

function send(
  client: Client,
  method: VaultMethod,
  definition: MethodDefinition<object, unknown>,
  request: object,
): Promise<unknown> {
  const metadata = new Metadata();
  const traceparent = currentTraceparent();
  if (traceparent !== null) metadata.set('traceparent', traceparent);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      request,
      metadata,
      { deadline: Date.now() + DEADLINES_MS[method] },
      (error, response: unknown) => (error ? reject(toVaultError(error, method)) : resolve(response)),
    );
  });
}

function toVaultError(error: ServiceError, method: VaultMethod): VaultError {
  const [code] = error.metadata.get(CODE_TRAILER);
  if (code !== undefined) {
    const errorCode = isErrorCode(code) ? code : 'vault-internal';
    return new VaultError(error.details, errorCode, { cause: error }, violationsOf(error.metadata));
  }
  if (error.code === status.DEADLINE_EXCEEDED) {
    const message = `The credential vault did not answer ${method} within ${DEADLINES_MS[method]} ms.`;
    return new VaultError(message, 'vault-timeout', { cause: error });
  }
  return unavailable(error);
}

const violationsSchema = z.array(z.object({ path: z.string(), message: z.string() }));

function violationsOf(metadata: Metadata): InputViolation[] {
  const [trailer] = metadata.get(VIOLATIONS_TRAILER);
  if (trailer === undefined) return [];
  try {
    return violationsSchema.parse(JSON.parse(trailer.toString()));
  } catch {
    return [];
  }
}

function unavailable(error: Error): VaultError {
  return new VaultError(`The credential vault is unreachable: ${error.message}`, 'vault-unavailable', {
    cause: error,
  });
}
