import { createHash } from 'node:crypto';
import type { GhesNetwork } from '../network/ghes-network.js';
import type { GhesAuth } from './authorization.js';
import { withCredential } from './authorization.js';
import type { RequestKind } from './retry.js';
import { withRetries } from './retry.js';

/** A call with the properties that its policies depend on. */
export interface PolicedCall {
  readonly network: GhesNetwork;
  readonly auth: GhesAuth;
  readonly kind: RequestKind;
  /** Servers limit these separately. */
  readonly resource: 'core' | 'graphql' | 'git';
  /** The quota that the call counts against, like `installation:7`. Default: that of its credential. */
  readonly quota?: string | undefined;
}

/** The credential and rate limit of one attempt. */
export interface CallAttempt {
  readonly credential: string | undefined;
  /** Key of the rate limit that the attempt counts against. */
  readonly quota: string;
}

/** Runs a call under all policies, outermost first: retries, the credential, recording of rate limits. */
export async function withPolicies<T>(call: PolicedCall, send: (attempt: CallAttempt) => Promise<T>): Promise<T> {
  return withRetries(call.kind, call.network.limits, () =>
    withCredential(call.auth, call.network.limits, async (credential) => {
      const quota = `${call.resource} ${call.quota ?? fingerprint(credential)}`;
      try {
        return await send({ credential, quota });
      } catch (error) {
        call.network.rateLimits.learn(quota, error);
        throw error;
      }
    }),
  );
}

/** A key for a credential that does not reveal it. */
function fingerprint(credential: string | undefined): string {
  return credential === undefined ? 'anonymous' : createHash('sha256').update(credential).digest('base64url');
}
