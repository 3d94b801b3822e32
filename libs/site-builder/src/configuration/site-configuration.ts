import type { ProblemLog } from '../problem-log.js';
import type { SourceFile } from '../site-builder.js';
import { encodingError } from '../source/file-content.rules.js';
import { IgnoredFiles } from '../source/ignore.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { isRecord, listOf, textOf } from '../syntax/values.rules.js';
import { parseYaml } from '../syntax/yaml.rules.js';

/** Redocly's configuration of a site. */
export const CONFIGURATION_FILE = 'redocly.yaml';
/** Patterns of files that are no part of the site, in the syntax of `.gitignore`. */
export const IGNORE_FILE = '.reuniteignore';

/** The keys of `redocly.yaml` that have an effect on the site, or on its lint (`libs/site-checks`). */
export const SETTINGS: ReadonlySet<string> = new Set([
  ...['ignore', 'redirects', 'seo', 'logo', 'navbar', 'footer', 'markdown', 'reunite', 'l10n'],
  ...['apis', 'extends', 'rules', 'oas2Rules', 'oas3_0Rules', 'oas3_1Rules', 'oas3_2Rules'],
]);

/** Other keys that a message names. */
const MAX_NAMED = 20;

/** In bytes. Longer files have no effect. */
const MAX_BYTES = 512 * 1024;

/** The settings of a repository. */
export interface SiteConfiguration {
  readonly ignored: IgnoredFiles;
  /** The parsed `redocly.yaml`; empty if there is none, or if it cannot be read. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Reads `redocly.yaml` and `.reuniteignore` at the root. A file that cannot be read is reported and has no effect. */
export async function readConfiguration(
  sources: ReadonlyMap<string, SourceFile>,
  problems: ProblemLog,
): Promise<SiteConfiguration> {
  const values = await readValues(sources.get(CONFIGURATION_FILE), problems);
  const ignored = new IgnoredFiles();
  const globs = typeof values['ignore'] === 'string' ? [values['ignore']] : listOf(values['ignore']);
  ignored.addGlobs(globs.flatMap((glob) => textOf(glob) ?? []));
  const file = await readText(sources.get(IGNORE_FILE), problems);
  if (file !== undefined) ignored.addFile(file);
  return { ignored, values };
}

/** Returns a message with the keys of `redocly.yaml` that have no effect; undefined if there are none. */
export function unreadSettings(values: SiteConfiguration['values']): string | undefined {
  const unread = Object.keys(values).filter((key) => !SETTINGS.has(key));
  if (unread.length === 0) return undefined;
  const names = unread.slice(0, MAX_NAMED).map((key) => JSON.stringify(key.slice(0, 40)));
  return `${CONFIGURATION_FILE}: ${names.join(', ')}${unread.length > MAX_NAMED ? ' and more' : ''} have no effect`;
}

async function readValues(file: SourceFile | undefined, problems: ProblemLog): Promise<Record<string, unknown>> {
  const text = await readText(file, problems);
  if (file === undefined || text === undefined) return {};
  try {
    const values = parseYaml(text.replace(/^\uFEFF/, '')) ?? {};
    if (isRecord(values)) return values;
    report(file, 'the file is not a mapping of settings', 1, problems);
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    report(file, error.reason, error.line, problems);
  }
  return {};
}

async function readText(file: SourceFile | undefined, problems: ProblemLog): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const bytes = (file.size ?? 0) > MAX_BYTES ? undefined : await file.read();
  const reason = bytes === undefined || bytes.length > MAX_BYTES ? 'the file is too large' : encodingError(bytes);
  if (reason === undefined) return bytes?.toString('utf8');
  report(file, reason, undefined, problems);
  return undefined;
}

function report({ path }: SourceFile, reason: string, line: number | undefined, problems: ProblemLog): void {
  problems.warn({
    code: 'configuration-invalid',
    message: `${reason}; the file has no effect`,
    file: path,
    ...(line !== undefined && { line }),
  });
}
