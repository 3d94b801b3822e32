import type { VaultMethod } from '@reunite/contracts';
import { CallerRefusedError } from './caller-refused.error.js';

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
  getUserAccount: ['api'],
  mintUserToken: ['sync-worker'],
  endUserSignIn: ['api'],
  deleteConnection: ['api'],
};

/** @throws CallerRefusedError */
export function authorize(caller: string | null, method: VaultMethod): void {
  if (caller === null) throw new CallerRefusedError('The client certificate names no service.');
  if (!allowedServices[method].includes(caller)) {
    throw new CallerRefusedError(`Service ${caller} may not call ${method}.`);
  }
}
