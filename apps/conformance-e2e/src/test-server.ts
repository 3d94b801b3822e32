import type { ConvertedApp, GhesAuth, GhesClient, GhesNetwork } from '@reunite/ghes-client';
import type { ClientLibrary } from './recorded-client.js';
import type { SimulatorProcess } from './simulator-process.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** A simulated server, the client library under test and a receiver of webhooks. */
export interface TestServer {
  /** Version of the server. */
  readonly version: string;
  readonly ghes: ClientLibrary;
  readonly simulator: SimulatorProcess;
  readonly network: GhesNetwork;
  readonly receiver: WebhookReceiver;
  /** Creates a client with this credential. */
  readonly as: (auth: GhesAuth) => GhesClient;
}

/** A test server on which an app is installed. */
export interface TestInstallation extends TestServer {
  readonly app: ConvertedApp;
  readonly asApp: GhesClient;
  readonly installationId: number;
  readonly installationToken: () => Promise<string>;
  readonly asInstallation: GhesClient;
}

/** The repository that most areas use. */
export const docs = { owner: 'acme', repo: 'docs' } as const;

/** Callback URL of the app's users. */
export const userCallback = 'http://localhost:1/oauth';

/** Collects all items of a listing. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
