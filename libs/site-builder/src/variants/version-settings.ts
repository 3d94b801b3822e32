import type { ProblemLog } from '../problem-log.js';
import type { SourceFile } from '../site-builder.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { recordOf } from '../syntax/values.rules.js';
import { parseYaml } from '../syntax/yaml.rules.js';
import type { VersionSettings } from './site-variants.js';

const VERSIONS_FILE = /(?:^|\/)versions\.yaml$/;
/** In bytes. Longer files have no effect. */
const MAX_BYTES = 64 * 1024;
/** Further files have no effect. */
const MAX_FILES = 100;

/**
 * Reads the files `versions.yaml`. One that cannot be parsed is reported and has no effect.
 *
 * @see https://redocly.com/docs/realm/content/versions-config
 */
export async function readVersionSettings(data: readonly SourceFile[], problems: ProblemLog): Promise<VersionSettings> {
  const settings = new Map<string, Readonly<Record<string, unknown>>>();
  for (const file of data.filter(({ path }) => VERSIONS_FILE.test(path)).slice(0, MAX_FILES)) {
    const bytes = (file.size ?? 0) > MAX_BYTES ? undefined : await file.read();
    if (bytes === undefined || bytes.length > MAX_BYTES) continue;
    try {
      settings.set(file.path.replace(/\/?versions\.yaml$/, ''), recordOf(parseYaml(bytes.toString('utf8'))));
    } catch (error) {
      if (!(error instanceof SourceSyntaxError)) throw error;
      const { reason, line } = error;
      const message = `${reason}; the file has no effect`;
      const at = line === undefined ? {} : { line };
      problems.warn({ code: 'configuration-invalid', message, file: file.path, ...at });
    }
  }
  return settings;
}
