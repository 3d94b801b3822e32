import { createHash } from 'node:crypto';
import type { GhesNetwork } from '../network/ghes-network.js';
import type { GhesAuth } from './authorization.js';
import { withCredential } from './authorization.js';
import { withRetries } from './retry.js';

/** What the policies must know about a call. */
export interface PolicedCall {
  network: GhesNetwork;
  auth: GhesAuth;
  /** A POST that changes nothing (a GraphQL query, git's upload-pack) is a read. */
  kind: 'read' | 'write';
  /** Servers count these apart. */
  resource: 'core' | 'graphql' | 'git';
  /** Whose quota the call counts against, like `installation:7`. Default: its credential's. */
  quota?: string | undefined;
}

/** What one attempt of a call goes out with. */
export interface CallTicket {
  credential: string | undefined;
  /** Key of the rate limit that the attempt counts against. */
  quota: string;
}

/** Runs a call under all policies: retries outermost, then the credential, then the memory for rate limits. */
export async function withPolicies<T>(call: PolicedCall, attempt: (ticket: CallTicket) => Promise<T>): Promise<T> {
  return withRetries(call.kind, call.network.limits, () =>
    withCredential(call.auth, call.network.limits, async (credential) => {
      const quota = `${call.resource} ${call.quota ?? fingerprint(credential)}`;
      try {
        return await attempt({ credential, quota });
      } catch (error) {
        call.network.rateLimits.learn(quota, error);
        throw error;
      }
    }),
  );
}

/** A credential as a key: the credential itself is not to be found in any map. */
function fingerprint(credential: string | undefined): string {
  return credential === undefined ? 'anonymous' : createHash('sha256').update(credential).digest('base64url');
}
