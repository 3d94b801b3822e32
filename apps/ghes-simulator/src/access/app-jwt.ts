import { decodeJwt, errors, importSPKI, jwtVerify, type JWTPayload } from 'jose';
import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { App } from '../state/model.js';

const refused = (message: string) => new ApiError(401, message);

/** GitHub allows an app's JWT to live for ten minutes, and `iat` not to be in the future, with some drift. */
const maximumLifeSeconds = 600;
const driftSeconds = 60;

/** Verifies an app's JWT against the app's public keys. The messages are GitHub's. */
export async function verifyAppJwt(ghes: Ghes, jwt: string): Promise<App> {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(jwt);
  } catch {
    throw refused('A JSON web token could not be decoded');
  }
  // A number too, whatever the JWT standard says: GitHub takes the App ID either way.
  const claimed: unknown = claims.iss;
  const issuer = typeof claimed === 'number' ? String(claimed) : claimed;
  const app = ghes.store.state.apps.find((item) => String(item.id) === issuer || item.clientId === issuer);
  if (!app) throw new ApiError(404, 'Integration not found');
  const now = ghes.clock.seconds();
  const { exp, iat } = claims;
  if (!Number.isInteger(exp) || exp === undefined || exp <= now) {
    throw refused(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + maximumLifeSeconds) throw refused("'Expiration time' claim ('exp') is too far in the future");
  if (!Number.isInteger(iat) || iat === undefined || iat > now + driftSeconds) {
    throw refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  }
  if (!(await anyKeyVerifies(ghes, app, jwt))) throw refused('A JSON web token could not be decoded');
  return app;
}

async function anyKeyVerifies(ghes: Ghes, app: App, jwt: string): Promise<boolean> {
  for (const key of app.keys) {
    try {
      const publicKey = await importSPKI(key.publicKeyPem, 'RS256');
      await jwtVerify(jwt, publicKey, {
        algorithms: ['RS256'],
        currentDate: ghes.clock.now(),
        clockTolerance: driftSeconds,
      });
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return false;
}
