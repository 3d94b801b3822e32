import { isId } from '@reunite/contracts';
import { verifySignature } from '@reunite/deliveries';
import type { WebhookRoute } from '../http/webhook-route.rules.js';
import type { ConnectionDirectory } from './connection-directory.js';
import type { WebhookSecrets } from './webhook-secrets.js';

export interface Candidate {
  readonly connectionId: string;
  readonly secrets: readonly string[];
}

/** Tells whose delivery it is: the address narrows it down to candidates, the signature decides. */
export class SignerLookup {
  constructor(
    private readonly directory: ConnectionDirectory,
    private readonly secrets: WebhookSecrets,
  ) {}

  /** The connections that the address may mean and that have a secret. */
  async candidates(route: WebhookRoute): Promise<Candidate[]> {
    const ids = await this.ids(route);
    const candidates = await Promise.all(
      ids.map(async (connectionId) => ({ connectionId, secrets: await this.secrets.of(connectionId) })),
    );
    return candidates.filter(({ secrets }) => secrets.length > 0);
  }

  /** The connection whose secret made the signature, or null. */
  async signer(candidates: readonly Candidate[], body: Buffer, signature: string): Promise<string | null> {
    const signer = candidates.find(({ secrets }) => verifySignature(body, signature, secrets));
    if (signer) return signer.connectionId;
    for (const { connectionId } of candidates) {
      const renewed = await this.secrets.renewed(connectionId);
      if (renewed && verifySignature(body, signature, renewed)) return connectionId;
    }
    return null;
  }

  private async ids(route: WebhookRoute): Promise<string[]> {
    if (route.kind === 'app') return this.directory.ofApp(route.appId);
    return isId('connection', route.connectionId) ? [route.connectionId] : [];
  }
}
