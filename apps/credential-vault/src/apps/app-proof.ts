import { Injectable } from '@nestjs/common';
import { missingPermissions } from '@reunite/contracts';
import {
  getAuthenticatedApp,
  getMeta,
  InvalidPrivateKeyError,
  GhesMalformedResponseError,
  GhesNotFoundError,
  readAppPrivateKey,
  GhesRedirectedError,
  GhesUnauthorizedError,
} from '@reunite/ghes-client';
import type { App } from '@reunite/ghes-client';
import { GhesClients } from '../ghes/ghes-clients.js';
import { AppProofError } from './app-proof.error.js';

/** An app and a key as a person entered them. */
export interface ClaimedApp {
  readonly id: string;
  readonly origin: string;
  readonly appId: number;
}

/** Asks the server whether a private key is an app's, before anything is kept; each way of being wrong is told apart. */
@Injectable()
export class AppProof {
  constructor(private readonly ghes: GhesClients) {}

  /** @throws InvalidPrivateKeyError, AppProofError, or what made the server unreachable */
  async prove(claimed: ClaimedApp, privateKeyPem: string): Promise<App> {
    readAppPrivateKey(privateKeyPem);
    const app = await this.ask(claimed, privateKeyPem);
    if (app.id !== claimed.appId) {
      throw new AppProofError('wrong-app', `The key is that of app ${app.id}, not of app ${claimed.appId}.`);
    }
    return app;
  }

  private async ask(claimed: ClaimedApp, privateKeyPem: string): Promise<App> {
    try {
      return await getAuthenticatedApp(this.ghes.asAppWith(claimed, privateKeyPem));
    } catch (cause) {
      if (cause instanceof InvalidPrivateKeyError) throw cause;
      if (cause instanceof GhesUnauthorizedError) throw await this.unlessForeign(claimed, wrongKey(claimed, cause));
      if (cause instanceof GhesNotFoundError) throw await this.unlessForeign(claimed, unknownApp(claimed, cause));
      if (cause instanceof GhesMalformedResponseError || cause instanceof GhesRedirectedError)
        throw wrongHost(claimed, cause);
      throw cause;
    }
  }

  /** Any web server answers 404 or 401 to something; only a GHES answers `/api/v3/meta` as one. */
  private async unlessForeign(claimed: ClaimedApp, error: AppProofError): Promise<AppProofError> {
    try {
      await getMeta(this.ghes.anonymous(claimed));
      return error;
    } catch (cause) {
      // A server in private mode answers 401 to those that it does not know.
      return cause instanceof GhesUnauthorizedError ? error : wrongHost(claimed, cause);
    }
  }
}

/** @throws AppProofError that names what the app lacks */
export function requirePermissions(app: App, required: Readonly<Record<string, string>>): void {
  const missing = missingPermissions(app.permissions, required);
  if (missing.length === 0) return;
  const list = missing.map(({ name, level }) => `${name}: ${level}`).join(', ');
  throw new AppProofError(
    'permission-missing',
    `The app ${app.slug} lacks permissions: ${list}. Grant them on its settings page.`,
  );
}

/** A server that does not tell the client id is believed. @throws AppProofError */
export function requireClientId(app: App, clientId: string): void {
  if (app.client_id === undefined || app.client_id === clientId) return;
  throw new AppProofError('wrong-client-id', `App ${app.id} has another Client ID than ${clientId}.`);
}

function wrongKey({ appId, origin }: ClaimedApp, cause: unknown): AppProofError {
  return new AppProofError('wrong-key', `${origin} does not accept the private key for app ${appId}.`, { cause });
}

function unknownApp({ appId, origin }: ClaimedApp, cause: unknown): AppProofError {
  return new AppProofError('unknown-app', `${origin} has no app with the App ID ${appId}.`, { cause });
}

function wrongHost({ origin }: ClaimedApp, cause: unknown): AppProofError {
  const message = `${origin} does not answer as a GitHub Enterprise Server. Check the server URL.`;
  return new AppProofError('wrong-host', message, { cause });
}
