import type { VaultDefinition } from './generated/reunite/vault/v1/Vault.js';

export type { App as VaultApp } from './generated/reunite/vault/v1/App.js';
export type { AuditRecord as VaultAuditRecord } from './generated/reunite/vault/v1/AuditRecord.js';
export type { BeginManifestRequest } from './generated/reunite/vault/v1/BeginManifestRequest.js';
export type { BeginManifestResponse } from './generated/reunite/vault/v1/BeginManifestResponse.js';
export type { BeginUserSignInRequest } from './generated/reunite/vault/v1/BeginUserSignInRequest.js';
export type { BeginUserSignInResponse } from './generated/reunite/vault/v1/BeginUserSignInResponse.js';
export type { CompleteManifestRequest } from './generated/reunite/vault/v1/CompleteManifestRequest.js';
export type { CompleteManifestResponse } from './generated/reunite/vault/v1/CompleteManifestResponse.js';
export type { CompleteUserSignInRequest } from './generated/reunite/vault/v1/CompleteUserSignInRequest.js';
export type { ConfirmUserSignInRequest } from './generated/reunite/vault/v1/ConfirmUserSignInRequest.js';
export type { ConnectionProfile as VaultConnectionProfile } from './generated/reunite/vault/v1/ConnectionProfile.js';
export type { ConnectionRequest } from './generated/reunite/vault/v1/ConnectionRequest.js';
export type { DeleteConnectionRequest } from './generated/reunite/vault/v1/DeleteConnectionRequest.js';
export type { Installation as VaultInstallation } from './generated/reunite/vault/v1/Installation.js';
export type { InspectServerCertificateRequest } from './generated/reunite/vault/v1/InspectServerCertificateRequest.js';
export type { InstallationToken } from './generated/reunite/vault/v1/InstallationToken.js';
export type { ListInstallationsResponse } from './generated/reunite/vault/v1/ListInstallationsResponse.js';
export type { LoggedDelivery } from './generated/reunite/vault/v1/LoggedDelivery.js';
export type { LoggedPayload } from './generated/reunite/vault/v1/LoggedPayload.js';
export type { MintInstallationTokenRequest } from './generated/reunite/vault/v1/MintInstallationTokenRequest.js';
export type { RegisterAppRequest } from './generated/reunite/vault/v1/RegisterAppRequest.js';
export type { ReplaceConnectionProfileRequest } from './generated/reunite/vault/v1/ReplaceConnectionProfileRequest.js';
export type { RotateCredentialRequest } from './generated/reunite/vault/v1/RotateCredentialRequest.js';
export type { RotateCredentialResponse } from './generated/reunite/vault/v1/RotateCredentialResponse.js';
export type { StoredConnectionProfile } from './generated/reunite/vault/v1/StoredConnectionProfile.js';
export type { TokenUsage } from './generated/reunite/vault/v1/TokenUsage.js';
export type { UserAccount } from './generated/reunite/vault/v1/UserAccount.js';
export type { UserRequest } from './generated/reunite/vault/v1/UserRequest.js';
export type { UserToken } from './generated/reunite/vault/v1/UserToken.js';
export type { Webhook as VaultWebhook } from './generated/reunite/vault/v1/Webhook.js';
export type { WebhookDeliveryLog } from './generated/reunite/vault/v1/WebhookDeliveryLog.js';
export type { WebhookPing } from './generated/reunite/vault/v1/WebhookPing.js';
export type { WebhookSecrets } from './generated/reunite/vault/v1/WebhookSecrets.js';

/** Method → request and response: what the vault's controllers implement and the client offers. */
export type VaultMethods = {
  [Name in keyof VaultDefinition as Uncapitalize<Name>]: {
    request: ReturnType<VaultDefinition[Name]['requestDeserialize']>;
    response: ReturnType<VaultDefinition[Name]['responseDeserialize']>;
  };
};
export type VaultMethod = keyof VaultMethods;
