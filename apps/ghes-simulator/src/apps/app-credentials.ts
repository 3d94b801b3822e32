import type { App } from '../state/model.js';

/** An app with its secrets, which a manifest conversion returns once. */
export interface AppCredentials {
  readonly app: App;
  readonly clientSecret: string;
  /** PKCS#1. */
  readonly pem: string;
  readonly webhookSecret: string | null;
}
