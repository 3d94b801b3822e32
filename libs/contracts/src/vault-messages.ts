/**
 * The messages of `proto/vault.proto` as proto-loader gives them (`keepCase: false`, `longs: Number`, `defaults: true`).
 * A test in vault-client compares them with the .proto file.
 */
export interface BeginManifestRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
  readonly origin: string;
  readonly owner: string;
}
export interface BeginManifestResponse {
  readonly state: string;
}

export interface CompleteManifestRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly state: string;
  readonly code: string;
}
export interface CompleteManifestResponse {
  readonly connectionId: string;
  readonly app: VaultApp;
}

export interface ConnectionRequest {
  readonly organizationId: string;
  readonly connectionId: string;
  /** `sub` of the caller who caused the call, for the audit; absent for the service's own work. */
  readonly subject?: string;
}

export interface VaultApp {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly htmlUrl: string;
  readonly owner: string;
  readonly permissions: Record<string, string>;
  readonly events: string[];
}

export interface VaultInstallation {
  readonly id: number;
  readonly owner: string;
  readonly ownerType: string;
  readonly repositorySelection: string;
  readonly suspended: boolean;
  readonly permissions: Record<string, string>;
}
export interface ListInstallationsResponse {
  readonly installations: VaultInstallation[];
}

export interface RegisterAppRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
  readonly origin: string;
  readonly appId: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly requiredPermissions: Record<string, string>;
}

export interface RotateCredentialRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
  readonly credential: string;
}
export interface RotateCredentialResponse {
  readonly version: number;
}

export interface MintInstallationTokenRequest {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly installationId: number;
  readonly repositoryIds: number[];
  readonly permissions: Record<string, string>;
  /** `sub` of the actor of the job that needs the token, for the audit; absent for the service's own work. */
  readonly subject?: string;
}
export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: string;
  readonly origin: string;
  readonly ageMs: number;
}

export interface BeginUserSignInRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
  readonly callbackUrl: string;
}
export interface BeginUserSignInResponse {
  readonly authorizeUrl: string;
}

export interface CompleteUserSignInRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly state: string;
  readonly code: string;
  /** Connection in the path of the callback; empty for the shared callback URL. */
  readonly connectionId: string;
  /** `iss` of the callback; empty if the server sends none. */
  readonly issuer: string;
}

export interface ConfirmUserSignInRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
  readonly login: string;
}

export interface UserRequest {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
}
export interface UserAccount {
  readonly connectionId: string;
  /** `signed-out`, `unconfirmed`, `active` or `broken`. */
  readonly status: string;
  readonly reason: string;
  readonly githubId: number;
  readonly login: string;
}
export interface UserToken {
  readonly token: string;
  readonly origin: string;
  readonly login: string;
}

export interface WebhookSecrets {
  readonly secrets: string[];
}

export interface DeleteConnectionRequest {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly subject: string;
}

/** Method → request and response: what the vault's controller implements and the client offers. */
export interface VaultMethods {
  readonly beginManifest: { request: BeginManifestRequest; response: BeginManifestResponse };
  readonly completeManifest: { request: CompleteManifestRequest; response: CompleteManifestResponse };
  readonly getApp: { request: ConnectionRequest; response: VaultApp };
  readonly listInstallations: { request: ConnectionRequest; response: ListInstallationsResponse };
  readonly mintInstallationToken: { request: MintInstallationTokenRequest; response: InstallationToken };
  readonly getWebhookSecrets: { request: ConnectionRequest; response: WebhookSecrets };
  readonly registerApp: { request: RegisterAppRequest; response: VaultApp };
  readonly rotatePrivateKey: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  readonly rotateClientSecret: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  readonly rotateWebhookSecret: { request: RotateCredentialRequest; response: RotateCredentialResponse };
  readonly forgetTokens: { request: ConnectionRequest; response: object };
  readonly beginUserSignIn: { request: BeginUserSignInRequest; response: BeginUserSignInResponse };
  readonly completeUserSignIn: { request: CompleteUserSignInRequest; response: UserAccount };
  readonly confirmUserSignIn: { request: ConfirmUserSignInRequest; response: UserAccount };
  readonly getUserAccount: { request: UserRequest; response: UserAccount };
  readonly mintUserToken: { request: UserRequest; response: UserToken };
  readonly endUserSignIn: { request: UserRequest; response: object };
  readonly deleteConnection: { request: DeleteConnectionRequest; response: object };
}
export type VaultMethod = keyof VaultMethods;
