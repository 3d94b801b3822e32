import { Injectable } from '@nestjs/common';
import { missingPermissions } from '@reunite/contracts';
import {
  getAuthenticatedApp,
  getMeta,
  GhesMalformedResponseError,
  GhesNotFoundError,
  GhesRedirectedError,
  GhesUnauthorizedError,
  InvalidPrivateKeyError,
  privateKeySigner,
  readAppPrivateKey,
} from '@reunite/ghes-client';
import type { App } from '@reunite/ghes-client';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { ServerTarget } from '../ghes/ghes-clients.js';
import { AppProofError } from './app-proof.error.js';

/** An app as a user entered it. */
export interface ClaimedApp extends ServerTarget {
  readonly appId: number;
}

/** Verifies with the server that a private key belongs to an app, before anything is stored. */
@Injectable()
export class AppProof {
  constructor(private readonly ghes: GhesClients) {}

  /**
   * @param signal ends the requests when the caller is gone
   * @throws InvalidPrivateKeyError, AppProofError, or the error of reaching the server
   */
  async prove(claimed: ClaimedApp, privateKeyPem: string, signal: AbortSignal): Promise<App> {
    readAppPrivateKey(privateKeyPem);
    const app = await this.authenticatedApp(claimed, privateKeyPem, signal);
    if (app.id !== claimed.appId) {
      throw new AppProofError('wrong-app', `The key belongs to app ${app.id}, not to app ${claimed.appId}.`);
    }
    return app;
  }

  private async authenticatedApp(claimed: ClaimedApp, privateKeyPem: string, signal: AbortSignal): Promise<App> {
    try {
      const client = await this.ghes.asAppWith(claimed, privateKeySigner(privateKeyPem));
      return await getAuthenticatedApp(client.withSignal(signal));
    } catch (cause) {
      if (cause instanceof InvalidPrivateKeyError) throw cause;
      if (cause instanceof GhesUnauthorizedError)
        throw await this.orWrongHost(claimed, wrongKey(claimed, cause), signal);
      if (cause instanceof GhesNotFoundError) throw await this.orWrongHost(claimed, unknownApp(claimed, cause), signal);
      if (cause instanceof GhesMalformedResponseError || cause instanceof GhesRedirectedError) {
        throw wrongHost(claimed, cause);
      }
      throw cause;
    }
  }

  /** Any web server may answer 404 or 401, but only a GHES answers `/api/v3/meta`. */
  private async orWrongHost(claimed: ClaimedApp, error: AppProofError, signal: AbortSignal): Promise<AppProofError> {
    try {
      await getMeta((await this.ghes.anonymous(claimed)).withSignal(signal));
      return error;
    } catch (cause) {
      // A server in private mode answers 401 to anonymous requests.
      return cause instanceof GhesUnauthorizedError ? error : wrongHost(claimed, cause);
    }
  }
}

/** @throws AppProofError that lists the missing permissions */
export function requirePermissions(app: App, required: Readonly<Record<string, string>>): void {
  const missing = missingPermissions(app.permissions, required);
  if (missing.length === 0) return;
  const list = missing.map(({ name, level }) => `${name}: ${level}`).join(', ');
  throw new AppProofError(
    'permission-missing',
    `The app ${app.slug} lacks permissions: ${list}. Grant them on its settings page.`,
  );
}

/** Accepts a server that does not report the client id. @throws AppProofError */
export function requireClientId(app: App, clientId: string): void {
  if (app.client_id === undefined || app.client_id === clientId) return;
  throw new AppProofError('wrong-client-id', `${clientId} is not the Client ID of app ${app.id}.`);
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
