import {
  BuildFailedError,
  encodingFault,
  isLfsPointer,
  isNamedDescription,
  ProblemLog,
  readDescription,
  SourceSyntaxError,
  takeSnapshot,
} from '@reunite/site-builder';
import type { BuildLimits, Snapshot, SourceFile } from '@reunite/site-builder';
import { FindingLog } from './finding-log.js';
import type { CheckFindings } from './finding-log.js';
import { lintPage } from './markdown/lint-page.js';
import type { DescriptionSource } from './openapi/lint-descriptions.js';

export interface LintInput {
  readonly files: AsyncIterable<SourceFile> | Iterable<SourceFile>;
  readonly limits: BuildLimits;
}

/** Redocly's own configuration file: which rules apply, and how much they weigh. */
const CONFIG_FILE = 'redocly.yaml';

/**
 * Lints the sources of a site: the structure of its Markdown, its OpenAPI descriptions. Nothing of the repository is
 * executed, nothing outside of `files` is read. It may take as long and as much memory as hostile content wants: run it
 * where it can be ended.
 */
export async function lintSite({ files, limits }: LintInput): Promise<CheckFindings> {
  const log = new FindingLog();
  try {
    const quiet = () => undefined;
    const input = { title: '', files, limits, log: quiet, signal: new AbortController().signal };
    const snapshot = await takeSnapshot(input, new ProblemLog(quiet));
    await lintPages(snapshot, limits, log);
    await lintData(snapshot, limits, log);
  } catch (error) {
    if (!(error instanceof BuildFailedError)) throw error;
    log.add({ severity: 'error', rule: error.code, message: error.message });
  }
  return log.result();
}

async function lintPages({ markdown, partials }: Snapshot, limits: BuildLimits, log: FindingLog): Promise<void> {
  const included = new Set(partials);
  for (const file of [...markdown, ...partials]) {
    const bytes = await file.read();
    if (isLfsPointer(bytes)) continue;
    const fault = unreadable(bytes, limits.maxPageBytes);
    if (fault) log.add({ severity: 'error', ...fault, file: file.path });
    else lintPage({ path: file.path, text: bytes.toString('utf8'), partial: included.has(file) }, log);
  }
}

/** Why the file cannot be built, whatever it says. */
function unreadable(bytes: Buffer, limit: number): { readonly rule: string; readonly message: string } | undefined {
  if (bytes.length > limit) return { rule: 'page-too-large', message: 'The page is too large to be built' };
  const fault = encodingFault(bytes);
  return fault === undefined ? undefined : { rule: 'encoding-unsupported', message: fault };
}

async function lintData({ data }: Snapshot, limits: BuildLimits, log: FindingLog): Promise<void> {
  const byPath = new Map(data.map((file) => [file.path, file]));
  const read = async (path: string) => {
    const bytes = await byPath.get(path)?.read();
    return bytes && !unreadable(bytes, limits.maxDescriptionBytes) ? bytes.toString('utf8') : undefined;
  };
  const descriptions: DescriptionSource[] = [];
  for (const file of data) {
    const { path } = file;
    if (path === CONFIG_FILE) continue;
    const bytes = await file.read();
    const text = bytes.toString('utf8');
    const fault = unreadable(bytes, limits.maxDescriptionBytes);
    if (fault) {
      if (isNamedDescription(path)) log.add({ severity: 'error', ...fault, file: path });
    } else if (isDescription(path, text, log)) descriptions.push({ path, text });
  }
  if (descriptions.length === 0) return;
  // Redocly's rules take longer to load than many a site to lint.
  const { lintDescriptions } = await import('./openapi/lint-descriptions.js');
  await lintDescriptions({ descriptions, read, config: await read(CONFIG_FILE) }, log);
}

function isDescription(file: string, text: string, log: FindingLog): boolean {
  try {
    return readDescription(file, text) !== undefined;
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    log.add({ severity: 'error', rule: 'openapi-invalid', message: error.reason, file, line: error.line });
    return false;
  }
}
