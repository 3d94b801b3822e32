import type { VaultMethod } from '@reunite/contracts';
import { CallerDeniedError } from './caller-denied.error.js';

/** The services that may call each method. */
const ALLOWED_SERVICES: Readonly<Record<VaultMethod, readonly string[]>> = {
  beginManifest: ['api'],
  completeManifest: ['api'],
  getApp: ['api', 'sync-worker'],
  listInstallations: ['api', 'sync-worker'],
  mintInstallationToken: ['sync-worker'],
  getWebhookSecrets: ['webhook-ingest'],
  registerApp: ['api'],
  rotatePrivateKey: ['api'],
  rotateClientSecret: ['api'],
  rotateWebhookSecret: ['api'],
  forgetTokens: ['sync-worker', 'api'],
  beginUserSignIn: ['api'],
  completeUserSignIn: ['api'],
  confirmUserSignIn: ['api'],
  getUserAccount: ['api'],
  mintUserToken: ['sync-worker'],
  endUserSignIn: ['api'],
  replaceConnectionProfile: ['api'],
  getConnectionProfile: ['sync-worker'],
  inspectServerCertificate: ['api'],
  getWebhook: ['sync-worker'],
  pingWebhook: ['sync-worker'],
  listWebhookDeliveries: ['sync-worker'],
  redeliverWebhooks: ['sync-worker'],
  readWebhookDelivery: ['sync-worker'],
  repairWebhook: ['api'],
  listAuditRecords: ['api'],
  getTokenUsage: ['api'],
  deleteConnection: ['api'],
};

/**
 * @param caller the service that the client certificate names; null if it names none
 * @throws CallerDeniedError
 */
export function authorize(caller: string | null, method: VaultMethod): asserts caller is string {
  if (caller === null) throw new CallerDeniedError('The client certificate names no service.');
  if (!ALLOWED_SERVICES[method].includes(caller)) {
    throw new CallerDeniedError(`Service ${caller} may not call ${method}.`);
  }
}
