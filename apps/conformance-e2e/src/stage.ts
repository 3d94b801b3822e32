import type { ConvertedApp, GhesAuth, GhesClient, GhesNetwork } from '@reunite/ghes-client';
import type { ClientLibrary } from './recorded-client.js';
import type { SimulatorProcess } from './simulator-process.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** Where the scenario plays: one server, one client library, one receiver of webhooks. */
export interface Stage {
  /** Of the server. */
  readonly version: string;
  readonly ghes: ClientLibrary;
  readonly simulator: SimulatorProcess;
  readonly network: GhesNetwork;
  readonly receiver: WebhookReceiver;
  readonly as: (auth: GhesAuth) => GhesClient;
}

/** The stage after an app was made and installed. */
export interface InstalledStage extends Stage {
  readonly app: ConvertedApp;
  readonly asApp: GhesClient;
  readonly installationId: number;
  readonly installationToken: () => Promise<string>;
  readonly asInstallation: GhesClient;
}

/** The repository that most of the scenario plays in. */
export const docs = { owner: 'acme', repo: 'docs' } as const;

/** Where the app's users come back to. */
export const userCallback = 'http://localhost:1/oauth';

/** Everything that an operation lists. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
