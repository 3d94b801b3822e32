import { createConfig } from '@redocly/openapi-core';
import type { Config, RawUniversalConfig } from '@redocly/openapi-core';
import { parseYaml, SourceSyntaxError } from '@reunite/site-builder';
import type { FindingLog } from '../finding-log.js';
import { allowedSettings } from './configuration.rules.js';
import type { SnapshotResolver } from './snapshot-resolver.js';

export interface LintConfiguration {
  readonly common: Config;
  /** The name that a description has in the `apis` of the configuration, if any. */
  readonly aliasOf: (path: string) => string | undefined;
  /** Regular expressions in the options of rules. */
  readonly patterns: readonly string[];
}

const FILE = 'redocly.yaml';
const DEFAULT_SETTINGS: RawUniversalConfig = { extends: ['recommended'] };

/**
 * Reads the rules from a repository's `redocly.yaml`; without one, Redocly's recommended rules apply. Ignores plugins
 * and everything else that would execute code of the repository.
 */
export async function lintConfiguration(
  text: string | undefined,
  resolver: SnapshotResolver,
  log: FindingLog,
): Promise<LintConfiguration> {
  const options = { configPath: resolver.address(FILE), externalRefResolver: resolver };
  const recommended = await createConfig(DEFAULT_SETTINGS, options);
  const defaults: LintConfiguration = { common: recommended, aliasOf: () => undefined, patterns: [] };
  if (text === undefined) return defaults;
  try {
    const { settings, ignored, roots, patterns } = allowedSettings(parseYaml(text));
    for (const message of ignored) log.add({ severity: 'warning', rule: 'configuration-ignored', message, file: FILE });
    const common = await createConfig({ ...DEFAULT_SETTINGS, ...settings }, options);
    return { common, aliasOf: (path) => roots.get(path), patterns };
  } catch (error) {
    const [message, line] =
      error instanceof SourceSyntaxError
        ? [error.reason, error.line]
        : [resolver.withoutRoot(String(error)), undefined];
    log.add({ severity: 'error', rule: 'configuration-invalid', message, file: FILE, line });
    return defaults;
  }
}
