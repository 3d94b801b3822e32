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
    const { fault, text } = await readText(file, limits.maxPageBytes);
    if (fault) log.add({ severity: 'error', ...fault, file: file.path });
    else if (text !== undefined) lintPage({ path: file.path, text, partial: included.has(file) }, log);
  }
}

interface Read {
  /** Undefined also for a pointer to what lies elsewhere. */
  readonly text?: string;
  /** Why the file cannot be built, whatever it says. */
  readonly fault?: { readonly rule: string; readonly message: string };
}

const tooLarge: Read = { fault: { rule: 'page-too-large', message: 'The page is too large to be built' } };

/** A file that is too large is not read where its size is known, and never decoded. */
async function readText(file: SourceFile, limit: number): Promise<Read> {
  if ((file.size ?? 0) > limit) return tooLarge;
  const bytes = await file.read();
  if (bytes.length > limit) return tooLarge;
  if (isLfsPointer(bytes)) return {};
  const fault = encodingFault(bytes);
  return fault === undefined
    ? { text: bytes.toString('utf8') }
    : { fault: { rule: 'encoding-unsupported', message: fault } };
}

async function lintData({ data }: Snapshot, limits: BuildLimits, log: FindingLog): Promise<void> {
  const byPath = new Map(data.map((file) => [file.path, file]));
  const read = async (path: string) => {
    const file = byPath.get(path);
    return file && (await readText(file, limits.maxDescriptionBytes)).text;
  };
  const descriptions: DescriptionSource[] = [];
  for (const file of data) {
    const { path } = file;
    if (path === CONFIG_FILE) continue;
    const { fault, text } = await readText(file, limits.maxDescriptionBytes);
    if (fault) {
      if (isNamedDescription(path)) log.add({ severity: 'error', ...fault, file: path });
    } else if (text !== undefined && isDescription(path, text, log)) descriptions.push({ path, text });
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
