import type { Logger } from 'pino';
import type { GivenSecrets } from './access/given-secrets.js';
import type { ArchiveLinks } from './archives/archive-links.js';
import type { Clock } from './clock.js';
import type { Conformance } from './conformance/conformance.js';
import type { GitRepositories } from './git/git-repositories.js';
import type { Store } from './state/store.js';
import type { Deliverer } from './webhooks/deliverer.js';

/** What the server says about itself. `publicUrl` has no slash at its end. */
export interface ServerSettings {
  publicUrl: string;
  readonly version: string;
  readonly privateMode: boolean;
  readonly conversionWebhookSecret: boolean;
  /** A recursive tree ends after this many entries and says so. */
  readonly treeEntryLimit: number;
}

/** One running server: what its routes and rules work with. Two servers in one process share nothing. */
export interface Ghes {
  readonly settings: ServerSettings;
  readonly clock: Clock;
  readonly store: Store;
  readonly git: GitRepositories;
  readonly archives: ArchiveLinks;
  readonly deliverer: Deliverer;
  readonly given: GivenSecrets;
  /** Only when asked for: holds what goes in and out against the published descriptions. */
  readonly conformance: Conformance | undefined;
  readonly log: Logger;
}
