import type { Logger } from 'pino';
import type { GivenSecrets } from './access/given-secrets.js';
import type { ArchiveLinks } from './archives/archive-links.js';
import type { Clock } from './clock.js';
import type { Conformance } from './conformance/conformance.js';
import type { GitRepositories } from './git/git-repositories.js';
import type { ApiVersion } from './rest/api-version.js';
import type { Store } from './state/store.js';
import type { Deliverer } from './webhooks/deliverer.js';

/** Settings that answers depend on. `publicUrl` has no trailing slash. */
export interface ServerSettings {
  // eslint-disable-next-line no-restricted-syntax -- the port is known once the server listens
  publicUrl: string;
  readonly version: string;
  /** Version of all answers of the REST API, whatever version a request names. */
  readonly apiVersion: ApiVersion;
  readonly privateMode: boolean;
  readonly conversionWebhookSecret: boolean;
  /** Entries after which a recursive tree is truncated. */
  readonly treeEntryLimit: number;
}

/** The parts of a running server. Two servers in one process share nothing. */
export interface Ghes {
  readonly settings: ServerSettings;
  readonly clock: Clock;
  readonly store: Store;
  readonly git: GitRepositories;
  readonly archives: ArchiveLinks;
  readonly deliverer: Deliverer;
  readonly given: GivenSecrets;
  /** Set only if the check is enabled. */
  readonly conformance: Conformance | undefined;
  readonly log: Logger;
}
