import {
  BuildFailedError,
  checkExemptionsOf,
  encodingError,
  isLfsPointer,
  isNamedDescription,
  ProblemLog,
  readDescription,
  SourceSyntaxError,
  takeSnapshot,
} from '@reunite/site-builder';
import type { BuildLimits, CheckExemptions, Description, Snapshot, SourceFile } from '@reunite/site-builder';
import { FindingLog } from './finding-log.js';
import type { LintFindings } from './finding-log.js';
import { lintPage } from './markdown/lint-page.js';
import type { ParsedDescription } from './openapi/lint-descriptions.js';

export interface LintInput {
  readonly files: AsyncIterable<SourceFile> | Iterable<SourceFile>;
  readonly limits: BuildLimits;
}

/** Redocly's configuration file: enabled rules and their severities. */
const CONFIG_FILE = 'redocly.yaml';

/** Loads the rules of OpenAPI descriptions, which {@link lintSite} otherwise loads on first use: about a second. */
export async function preloadLinter(): Promise<void> {
  await import('./openapi/lint-descriptions.js');
}

/**
 * Lints the sources of a site: the structure of its Markdown and its OpenAPI descriptions. Executes nothing of the
 * repository and reads nothing outside of `files`. Run it in a process with a time limit and a memory limit: the input
 * may be hostile.
 */
export async function lintSite({ files, limits }: LintInput): Promise<LintFindings> {
  let exempt: CheckExemptions | undefined;
  const log = new FindingLog((file) => exempt?.isLintExempt(file) ?? false);
  try {
    const quiet = () => undefined;
    const input = { title: '', files, limits, log: quiet, signal: new AbortController().signal };
    const snapshot = await takeSnapshot(input, new ProblemLog(quiet));
    exempt = checkExemptionsOf(snapshot.configuration.values);
    await lintPages(snapshot, limits, log);
    await lintData(snapshot, limits, log);
  } catch (error) {
    if (!(error instanceof BuildFailedError)) throw error;
    log.add({ severity: 'error', rule: error.code, message: error.message });
  }
  return { ...log.result(), blocking: exempt?.lint === true ? 0 : log.blocking };
}

async function lintPages(
  { markdown, partials, linked }: Snapshot,
  limits: BuildLimits,
  log: FindingLog,
): Promise<void> {
  const included = new Set(partials);
  for (const file of [...markdown, ...partials]) {
    // Linted at the path of its target.
    if (linked.has(file.path)) continue;
    const { violation, text } = await readText(file, limits.maxPageBytes);
    if (violation) log.add({ severity: 'error', ...violation, file: file.path });
    else if (text !== undefined) lintPage({ path: file.path, text, partial: included.has(file) }, log);
  }
}

interface ReadResult {
  /** Undefined for a Git LFS pointer, whose content is elsewhere. */
  readonly text?: string;
  /** Why the file cannot be built. */
  readonly violation?: { readonly rule: string; readonly message: string };
}

const TOO_LARGE: ReadResult = { violation: { rule: 'page-too-large', message: 'The file is too large to be built' } };

/** Checks the size first: a file that is too large is not read if its size is known, and never decoded. */
async function readText(file: SourceFile, limit: number): Promise<ReadResult> {
  if ((file.size ?? 0) > limit) return TOO_LARGE;
  const bytes = await file.read();
  if (bytes.length > limit) return TOO_LARGE;
  if (isLfsPointer(bytes)) return {};
  const message = encodingError(bytes);
  return message === undefined
    ? { text: bytes.toString('utf8') }
    : { violation: { rule: 'encoding-unsupported', message } };
}

async function lintData({ data, linked, sources }: Snapshot, limits: BuildLimits, log: FindingLog): Promise<void> {
  const read = async (path: string) => {
    // Also Markdown, which descriptions include by `$ref`.
    const file = sources.get(path);
    return file && (await readText(file, limits.maxDescriptionBytes)).text;
  };
  const descriptions: ParsedDescription[] = [];
  for (const file of data) {
    const { path } = file;
    if (path === CONFIG_FILE || linked.has(path)) continue;
    const { violation, text } = await readText(file, limits.maxDescriptionBytes);
    if (violation && isNamedDescription(path)) log.add({ severity: 'error', ...violation, file: path });
    const root = text === undefined ? undefined : parseDescription(path, text, log);
    if (root) descriptions.push({ path, root });
  }
  if (descriptions.length === 0) return;
  // Imported on demand: loading Redocly's rules takes longer than linting many a site.
  const { lintDescriptions } = await import('./openapi/lint-descriptions.js');
  await lintDescriptions({ descriptions, read, config: await read(CONFIG_FILE) }, log);
}

/** Returns undefined for data that is not a description, and for a description that cannot be parsed, which is logged. */
function parseDescription(file: string, text: string, log: FindingLog): Description | undefined {
  try {
    return readDescription(file, text);
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    log.add({ severity: 'error', rule: 'openapi-invalid', message: error.reason, file, line: error.line });
    return undefined;
  }
}
