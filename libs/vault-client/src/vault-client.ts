import type { PeerCertificate } from 'node:tls';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { isErrorCode } from '@reunite/contracts';
import type { VaultMethod, VaultMethods } from '@reunite/contracts';
import { serviceOfCertificate, WatchedIdentity } from '@reunite/platform';
import type { ServiceIdentity } from '@reunite/platform';
import { codeTrailer, vaultServiceDefinition } from './vault-service.js';
import { VaultError } from './vault.error.js';

export interface VaultClientOptions {
  /** `host:port` of the vault. */
  readonly address: string;
  /** This service's own certificate, and the authority that the vault's must come from; watched, it may be renewed. */
  readonly identity: ServiceIdentity | WatchedIdentity;
}

/** Calls by which an administrator manages a connection's credentials. */
export type ManagementMethod =
  'registerApp' | 'rotatePrivateKey' | 'rotateClientSecret' | 'rotateWebhookSecret' | 'forgetTokens';

type Calls<Methods extends VaultMethod> = {
  [Method in Methods]: (request: VaultMethods[Method]['request']) => Promise<VaultMethods[Method]['response']>;
};

/** What services ask of the vault in their daily work. Every call may throw a {@link VaultError}. */
export interface VaultClient extends Calls<Exclude<VaultMethod, ManagementMethod>> {
  /** Resolves when the vault can be reached; for readiness checks. @throws VaultError after `withinMs` */
  ready(withinMs: number): Promise<void>;
  close(): void;
}

/** One method for each of the vault's. */
export interface ManagingVaultClient extends VaultClient, Calls<ManagementMethod> {}

/**
 * Longest wait in ms; most of these calls wait for the server, and a new app may need some tries. Whoever leaves waits for
 * a renewal that is on its way, and for the revocation.
 */
const deadlines: Record<VaultMethod, number> = {
  beginManifest: 5_000,
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
  deleteConnection: 25_000,
};

/**
 * Connects to the credential vault with mutual TLS, on the first call. The vault is known by the service name in its
 * certificate (`reunite://service/credential-vault`), not by its host name, so that an address may be anything.
 */
export function createVaultClient({ address, identity }: VaultClientOptions): ManagingVaultClient {
  const channelCredentials =
    identity instanceof WatchedIdentity
      ? identity.channelCredentials({ checkServerIdentity })
      : credentials.createSsl(identity.ca, identity.key, identity.cert, { checkServerIdentity });
  const client = new Client(address, channelCredentials, {
    'grpc.keepalive_time_ms': 30_000,
    // The address may be an IP, which TLS does not allow as a server name.
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
  return new Error('The certificate of the other side is not the credential vault’s.');
}

function unary(
  client: Client,
  method: VaultMethod,
  definition: MethodDefinition<object, unknown>,
  request: object,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + deadlines[method] },
      (error, response: unknown) => (error ? reject(toVaultError(error, method)) : resolve(response)),
    );
  });
}

function toVaultError(error: ServiceError, method: VaultMethod): VaultError {
  const [code] = error.metadata.get(codeTrailer);
  if (code !== undefined) {
    return new VaultError(error.details, isErrorCode(code) ? code : 'vault-internal', { cause: error });
  }
  if (error.code === status.DEADLINE_EXCEEDED) {
    const message = `The credential vault did not answer ${method} within ${deadlines[method]} ms.`;
    return new VaultError(message, 'vault-timeout', { cause: error });
  }
  return unavailable(error);
}

function unavailable(error: Error): VaultError {
  return new VaultError(`The credential vault cannot be reached: ${error.message}`, 'vault-unavailable', {
    cause: error,
  });
}
