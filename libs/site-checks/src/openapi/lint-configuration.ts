import { createConfig } from '@redocly/openapi-core';
import type { Config, RawUniversalConfig } from '@redocly/openapi-core';
import { parseYaml, SourceSyntaxError } from '@reunite/site-builder';
import type { FindingLog } from '../finding-log.js';
import { allowedSettings } from './configuration.rules.js';
import type { SnapshotResolver } from './snapshot-resolver.js';

export interface LintConfiguration {
  readonly common: Config;
  /** Which of the configuration's `apis` a description is, if any. */
  readonly aliasOf: (path: string) => string | undefined;
}

const FILE = 'redocly.yaml';
const standard: RawUniversalConfig = { extends: ['recommended'] };

/**
 * The rules that a repository's `redocly.yaml` sets; Redocly's recommended ones where there is none. What it says beyond
 * rules is not followed: plugins are code, and this runs nobody's code.
 */
export async function lintConfiguration(
  text: string | undefined,
  resolver: SnapshotResolver,
  log: FindingLog,
): Promise<LintConfiguration> {
  const options = { configPath: resolver.address(FILE), externalRefResolver: resolver };
  const plain = { common: await createConfig(standard, options), aliasOf: () => undefined };
  if (text === undefined) return plain;
  try {
    const { settings, refused, roots } = allowedSettings(parseYaml(text));
    for (const message of refused) log.add({ severity: 'warning', rule: 'configuration-refused', message, file: FILE });
    const common = await createConfig({ ...standard, ...settings }, options);
    return { common, aliasOf: (path) => roots.get(path) };
  } catch (error) {
    const [message, line] =
      error instanceof SourceSyntaxError
        ? [error.reason, error.line]
        : [resolver.withoutRoot(String(error)), undefined];
    log.add({ severity: 'error', rule: 'configuration-invalid', message, file: FILE, line });
    return plain;
  }
}
