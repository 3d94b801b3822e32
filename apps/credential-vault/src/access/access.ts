import type { VaultMethod } from '@reunite/contracts';
import { CallerDeniedError } from './caller-denied.error.js';

/** Which service may call which method. */
const allowedServices: Record<VaultMethod, readonly string[]> = {
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
  deleteConnection: ['api'],
};

/** @throws CallerDeniedError */
export function authorize(caller: string | null, method: VaultMethod): void {
  if (caller === null) throw new CallerDeniedError('The client certificate names no service.');
  if (!allowedServices[method].includes(caller)) {
    throw new CallerDeniedError(`Service ${caller} may not call ${method}.`);
  }
}
