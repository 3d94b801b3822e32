import { formatBytes } from '../build-limits.js';
import { isDataFile } from '../openapi/detect.rules.js';
import type { ProblemLog } from '../problem-log.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import { publicationOf } from './content-type.rules.js';
import { extensionOf, isHidden, isPartial, isReserved, RESERVED_FOLDER, unsafePathReason } from './paths.rules.js';

/** The files of a snapshot by kind, each kind sorted by path. */
export interface Snapshot {
  readonly markdown: readonly SourceFile[];
  /** Markdown that is included in pages. */
  readonly partials: readonly SourceFile[];
  /** YAML and JSON: descriptions, or files to download. */
  readonly data: readonly SourceFile[];
  readonly assets: readonly SourceFile[];
  readonly sidebars: SourceFile | undefined;
  /** All regular files, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Existing files that are not part of the site. */
  readonly unpublished: ReadonlySet<string>;
}

const MARKDOWN_EXTENSIONS = new Set(['md', 'markdown', 'mdoc']);

/**
 * Lists the snapshot without reading a file.
 *
 * @throws BuildFailedError for too many files or pages
 */
export async function takeSnapshot(input: BuildInput, problems: ProblemLog): Promise<Snapshot> {
  const markdown: SourceFile[] = [];
  const partials: SourceFile[] = [];
  const data: SourceFile[] = [];
  const assets: SourceFile[] = [];
  const unpublished = new Set<string>();
  const sources = new Map<string, SourceFile>();
  let sidebars: SourceFile | undefined;
  let count = 0;
  for await (const file of input.files) {
    input.signal.throwIfAborted();
    count += 1;
    checkCounts(count, markdown.length + partials.length, input, problems);
    if (!isFollowed(file, problems)) continue;
    const { path } = file;
    sources.set(path, file);
    if (path === 'sidebars.yaml') sidebars = file;
    else if (isHidden(path)) unpublished.add(path);
    else if (MARKDOWN_EXTENSIONS.has(extensionOf(path))) (isPartial(path) ? partials : markdown).push(file);
    else if (isDataFile(path)) data.push(file);
    else if (publicationOf(path).when === 'never') unpublished.add(path);
    else if (isSmallEnough(file, input, problems)) assets.push(file);
  }
  checkCounts(count, markdown.length + partials.length, input, problems);
  return {
    markdown: sorted(markdown),
    partials: sorted(partials),
    data: sorted(data),
    assets: sorted(assets),
    sidebars,
    sources,
    unpublished,
  };
}

function checkCounts(files: number, pages: number, { limits }: BuildInput, problems: ProblemLog): void {
  if (files > limits.maxFiles) {
    problems.stop({
      code: 'too-many-files',
      message: `the folder has more than ${limits.maxFiles} files, the limit of a build`,
    });
  }
  if (pages > limits.maxPages) stopAtPageLimit(limits.maxPages, problems);
}

export function stopAtPageLimit(maxPages: number, problems: ProblemLog): never {
  problems.stop({ code: 'too-many-pages', message: `the site has more than ${maxPages} pages, the limit of a build` });
}

/** Rejects unsafe paths, symbolic links and submodules. The latter two may lead out of the root. */
function isFollowed({ path, mode }: SourceFile, problems: ProblemLog): boolean {
  const unsafe = unsafePathReason(path);
  if (unsafe !== undefined) {
    problems.warn({ code: 'path-unsafe', message: `${JSON.stringify(path.slice(0, 200))} is skipped: ${unsafe}` });
    return false;
  }
  if (isReserved(path)) {
    const message = `the folder "${RESERVED_FOLDER}" is reserved; the file is skipped`;
    problems.warn({ code: 'path-reserved', message, file: path });
    return false;
  }
  if (mode === '120000') {
    problems.warn({ code: 'symlink-skipped', message: 'symbolic links are not followed', file: path });
    return false;
  }
  if (mode === '160000') {
    problems.warn({ code: 'submodule-skipped', message: 'submodules are not followed', file: path });
    return false;
  }
  return true;
}

export function isSmallEnough(
  file: SourceFile,
  { limits }: BuildInput,
  problems: ProblemLog,
  size = file.size ?? 0,
): boolean {
  if (size <= limits.maxAssetBytes) return true;
  const message = `${formatBytes(size)} is over the limit of ${formatBytes(limits.maxAssetBytes)} for a file; it is not published`;
  problems.warn({ code: 'asset-too-large', message, file: file.path });
  return false;
}

/** Compares by code units, so that the order does not depend on the machine's locale. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(files: SourceFile[]): SourceFile[] {
  return files.sort((a, b) => comparePaths(a.path, b.path));
}
