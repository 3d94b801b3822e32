/**
 * The messages of `proto/vault.proto` as proto-loader gives them (`keepCase: false`, `longs: Number`, `defaults: true`).
 * A test in vault-client compares them with the .proto file.
 */
export interface BeginManifestRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
  origin: string;
  owner: string;
}
export interface BeginManifestResponse {
  state: string;
}

export interface CompleteManifestRequest {
  organizationId: string;
  subject: string;
  state: string;
  code: string;
}
export interface CompleteManifestResponse {
  connectionId: string;
  app: VaultApp;
}

export interface ConnectionRequest {
  organizationId: string;
  connectionId: string;
  /** `sub` of the caller who caused the call, for the audit; absent for the service's own work. */
  subject?: string;
}

export interface VaultApp {
  id: number;
  slug: string;
  name: string;
  htmlUrl: string;
  owner: string;
  permissions: Record<string, string>;
  events: string[];
}

export interface VaultInstallation {
  id: number;
  owner: string;
  ownerType: string;
  repositorySelection: string;
  suspended: boolean;
  permissions: Record<string, string>;
}
export interface ListInstallationsResponse {
  installations: VaultInstallation[];
}

export interface RegisterAppRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
  origin: string;
  appId: number;
  clientId: string;
  clientSecret: string;
  privateKey: string;
  webhookSecret: string;
  requiredPermissions: Record<string, string>;
}

export interface RotateCredentialRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
  credential: string;
}
export interface RotateCredentialResponse {
  version: number;
}

export interface MintInstallationTokenRequest {
  organizationId: string;
  connectionId: string;
  installationId: number;
  repositoryIds: number[];
  permissions: Record<string, string>;
  /** `sub` of the actor of the job that needs the token, for the audit; absent for the service's own work. */
  subject?: string;
}
export interface InstallationToken {
  token: string;
  expiresAt: string;
  origin: string;
  ageMs: number;
}

export interface BeginUserSignInRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
  callbackUrl: string;
}
export interface BeginUserSignInResponse {
  authorizeUrl: string;
}

export interface CompleteUserSignInRequest {
  organizationId: string;
  subject: string;
  state: string;
  code: string;
  /** Connection in the path of the callback; empty for the shared callback URL. */
  connectionId: string;
  /** `iss` of the callback; empty if the server sends none. */
  issuer: string;
}

export interface ConfirmUserSignInRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
  login: string;
}

export interface UserRequest {
  organizationId: string;
  subject: string;
  connectionId: string;
}
export interface UserAccount {
  connectionId: string;
  /** `signed-out`, `unconfirmed`, `active` or `broken`. */
  status: string;
  reason: string;
  githubId: number;
  login: string;
}
export interface UserToken {
  token: string;
  origin: string;
  login: string;
}

export interface WebhookSecrets {
  secrets: string[];
}

export interface DeleteConnectionRequest {
  organizationId: string;
  connectionId: string;
  subject: string;
}

/** Method → request and response: what the vault's controller implements and the client offers. */
export interface VaultMethods {
  beginManifest: { request: BeginManifestRequest; response: BeginManifestResponse };
  completeManifest: { request: CompleteManifestRequest; response: CompleteManifestResponse };
  getApp: { request: ConnectionRequest; response: VaultApp };
  listInstallations: { request: ConnectionRequest; response: ListInstallationsResponse };
  mintInstallationToken: { request: MintInstallationTokenRequest; response: InstallationToken };
  getWebhookSecrets: { request: ConnectionRequest; response: WebhookSecrets };
  registerApp: { request: RegisterAppRequest; response: VaultApp };
  rotatePrivateKey: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  rotateClientSecret: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  rotateWebhookSecret: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  forgetTokens: { request: ConnectionRequest; response: object };
  beginUserSignIn: { request: BeginUserSignInRequest; response: BeginUserSignInResponse };
  completeUserSignIn: { request: CompleteUserSignInRequest; response: UserAccount };
  confirmUserSignIn: { request: ConfirmUserSignInRequest; response: UserAccount };
  getUserAccount: { request: UserRequest; response: UserAccount };
  mintUserToken: { request: UserRequest; response: UserToken };
  endUserSignIn: { request: UserRequest; response: object };
  deleteConnection: { request: DeleteConnectionRequest; response: object };
}
export type VaultMethod = keyof VaultMethods;
