import { isId } from '@reunite/contracts';
import { verifySignature } from '@reunite/deliveries';
import type { WebhookRoute } from '../http/webhook-route.rules.js';
import type { ConnectionDirectory } from './connection-directory.js';
import type { WebhookSecrets } from './webhook-secrets.js';

export interface Candidate {
  readonly connectionId: string;
  /** The current secret first. */
  readonly secrets: readonly string[];
}

/**
 * Maximum number of connections whose secrets are tried for one request. A URL of an app names only the app's id, a
 * small number that repeats between servers: without a limit one unsigned body costs an HMAC per connection with that
 * id.
 */
const MAX_CANDIDATES = 16;

/** Finds the connection of a delivery: the URL narrows it down to candidates, the signature decides. */
export class SignerLookup {
  constructor(
    private readonly directory: ConnectionDirectory,
    private readonly secrets: WebhookSecrets,
  ) {}

  /**
   * The connections that the URL may mean and that have a secret.
   *
   * @param enterpriseHost `X-GitHub-Enterprise-Host`, a claim of the client that can only narrow the candidates
   */
  async candidates(route: WebhookRoute, enterpriseHost: string | null): Promise<Candidate[]> {
    const ids = await this.ids(route, enterpriseHost);
    const candidates = await Promise.all(
      ids.map(async (connectionId) => ({ connectionId, secrets: await this.secrets.of(connectionId) })),
    );
    return candidates.filter(({ secrets }) => secrets.length > 0);
  }

  /** The connection whose secret made the signature, or null. */
  async signer(candidates: readonly Candidate[], body: Buffer, signature: string): Promise<string | null> {
    for (const { connectionId, secrets } of candidates) {
      if (await verifySignature(body, signature, secrets)) return connectionId;
    }
    for (const { connectionId } of candidates) {
      const renewed = await this.secrets.renewed(connectionId);
      if (renewed && (await verifySignature(body, signature, renewed))) return connectionId;
    }
    return null;
  }

  private async ids(route: WebhookRoute, enterpriseHost: string | null): Promise<string[]> {
    if (route.kind === 'connection') return isId('connection', route.connectionId) ? [route.connectionId] : [];
    const connections = await this.directory.ofApp(route.appId);
    const onHost = connections.filter(({ origin }) => new URL(origin).hostname === enterpriseHost);
    // The host in the header can differ from the connection's origin, e.g. behind an alias. Then all are tried, oldest
    // first.
    return (onHost.length > 0 ? onHost : connections).slice(0, MAX_CANDIDATES).map(({ id }) => id);
  }
}
