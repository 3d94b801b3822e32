import { decodeJwt, errors, importSPKI, jwtVerify, type JWTPayload } from 'jose';
import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { App } from '../state/model.js';

const unauthorized = (message: string) => new ApiError(401, message);

/** GitHub accepts app JWTs for at most ten minutes, and an `iat` that is not in the future except for clock drift. */
const MAXIMUM_LIFE_SECONDS = 600;
const DRIFT_SECONDS = 60;

/** Verifies an app's JWT against the app's public keys. The messages are GitHub's. */
export async function verifyAppJwt(ghes: Ghes, jwt: string): Promise<App> {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(jwt);
  } catch {
    throw unauthorized('A JSON web token could not be decoded');
  }
  // GitHub accepts the App ID as a string and, unlike the JWT standard, as a number.
  const claimed: unknown = claims.iss;
  const issuer = typeof claimed === 'number' ? String(claimed) : claimed;
  const app = ghes.store.state.apps.find((item) => String(item.id) === issuer || item.clientId === issuer);
  if (!app) throw new ApiError(404, 'Integration not found');
  const now = ghes.clock.seconds();
  const { exp, iat } = claims;
  if (!Number.isInteger(exp) || exp === undefined || exp <= now) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + MAXIMUM_LIFE_SECONDS) throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  if (!Number.isInteger(iat) || iat === undefined || iat > now + DRIFT_SECONDS) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (!(await anyKeyVerifies(ghes, app, jwt))) throw unauthorized('A JSON web token could not be decoded');
  return app;
}

async function anyKeyVerifies(ghes: Ghes, app: App, jwt: string): Promise<boolean> {
  for (const key of app.keys) {
    try {
      const publicKey = await importSPKI(key.publicKeyPem, 'RS256');
      await jwtVerify(jwt, publicKey, {
        algorithms: ['RS256'],
        currentDate: ghes.clock.now(),
        clockTolerance: DRIFT_SECONDS,
      });
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return false;
}
