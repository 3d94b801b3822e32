import { formatBytes } from '../build-limits.js';
import { readConfiguration, type SiteConfiguration } from '../configuration/site-configuration.js';
import { isDataFile } from '../openapi/detect.rules.js';
import type { ProblemLog } from '../problem-log.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import { publicationOf } from './content-type.rules.js';
import type { IgnoredFiles } from './ignore.rules.js';
import {
  extensionOf,
  isHidden,
  isPartial,
  isReserved,
  RESERVED_FOLDER,
  staticOutputPath,
  unsafePathReason,
} from './paths.rules.js';
import { followLinks } from './symbolic-links.js';

/** The files of a snapshot by kind, each kind sorted by path. */
export interface Snapshot {
  readonly markdown: readonly SourceFile[];
  /** Markdown that is included in pages. */
  readonly partials: readonly SourceFile[];
  /** YAML and JSON: descriptions, or files to download. */
  readonly data: readonly SourceFile[];
  readonly assets: readonly SourceFile[];
  /** Files of the folder `static`, with their paths in the repository. */
  readonly statics: readonly SourceFile[];
  readonly sidebars: SourceFile | undefined;
  /** All regular files and followed links, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Why existing files are not part of the site, by path. */
  readonly unpublished: ReadonlyMap<string, string>;
  /** Paths of symbolic links and of files below them. Their content is also at the path of the target. */
  readonly linked: ReadonlySet<string>;
  readonly configuration: SiteConfiguration;
}

const RESERVED_MESSAGE = `the folder "${RESERVED_FOLDER}" is reserved; the file is skipped`;
const MARKDOWN_EXTENSIONS = new Set(['md', 'markdown', 'mdoc']);

/**
 * Lists the snapshot. Reads its settings and the targets of symbolic links, and no other file.
 *
 * @throws BuildFailedError for too many files or pages
 */
export async function takeSnapshot(input: BuildInput, problems: ProblemLog): Promise<Snapshot> {
  const { sources, unpublished, links } = await listFiles(input, problems);
  const { files, skipped } = await followLinks(links, sources);
  for (const [path, reason] of skipped) {
    unpublished.set(path, reason);
    problems.warn({ code: 'symlink-skipped', message: `${reason}; it is skipped`, file: path });
  }
  const linked = new Set<string>();
  for (const file of files) {
    // A file of the repository wins over one of a linked folder.
    if (sources.has(file.path)) continue;
    linked.add(file.path);
    sources.set(file.path, file);
  }
  const configuration = await readConfiguration(sources, problems);
  const kinds = new FileKinds(input, problems, configuration.ignored, unpublished);
  for (const file of sources.values()) kinds.add(file);
  return { ...kinds.sorted(), sources, unpublished, linked, configuration };
}

interface Listing {
  readonly sources: Map<string, SourceFile>;
  readonly unpublished: Map<string, string>;
  readonly links: ReadonlyMap<string, SourceFile>;
}

async function listFiles(input: BuildInput, problems: ProblemLog): Promise<Listing> {
  const sources = new Map<string, SourceFile>();
  const unpublished = new Map<string, string>();
  const links = new Map<string, SourceFile>();
  let count = 0;
  for await (const file of input.files) {
    input.signal.throwIfAborted();
    count += 1;
    checkFileCount(count, input, problems);
    const { path, mode } = file;
    if (!isSafe(file, problems)) continue;
    if (mode === '120000') links.set(path, file);
    else if (mode === '160000') {
      problems.warn({ code: 'submodule-skipped', message: 'submodules are not followed', file: path });
      unpublished.set(path, 'it is in a submodule, which is not fetched');
    } else sources.set(path, file);
  }
  return { sources, unpublished, links };
}

/** Sorts files by kind. */
class FileKinds {
  private readonly markdown: SourceFile[] = [];
  private readonly partials: SourceFile[] = [];
  private readonly data: SourceFile[] = [];
  private readonly assets: SourceFile[] = [];
  private readonly statics: SourceFile[] = [];
  private readonly sidebars: SourceFile[] = [];

  constructor(
    private readonly input: BuildInput,
    private readonly problems: ProblemLog,
    private readonly ignored: IgnoredFiles,
    private readonly unpublished: Map<string, string>,
  ) {}

  add(file: SourceFile): void {
    const { path } = file;
    if (path === 'sidebars.yaml') this.sidebars.push(file);
    else if (isHidden(path)) this.unpublished.set(path, 'the name of the file or of a folder above it is reserved');
    else if (this.ignored.has(path)) this.unpublished.set(path, 'the settings of the repository ignore it');
    else if (staticOutputPath(path) !== undefined) this.addStatic(file);
    else if (MARKDOWN_EXTENSIONS.has(extensionOf(path))) this.addPage(file);
    else if (isDataFile(path)) this.data.push(file);
    else this.addAsset(file, this.assets);
  }

  /** Also Markdown and descriptions in `static` are files to copy. */
  private addStatic(file: SourceFile): void {
    if (!isReserved(staticOutputPath(file.path) ?? '')) this.addAsset(file, this.statics);
    else {
      this.unpublished.set(file.path, `the folder "${RESERVED_FOLDER}" is reserved`);
      this.problems.warn({ code: 'path-reserved', message: RESERVED_MESSAGE, file: file.path });
    }
  }

  private addAsset(file: SourceFile, assets: SourceFile[]): void {
    const { path } = file;
    if (publicationOf(path).when === 'never')
      this.unpublished.set(path, `files of the type ${JSON.stringify(extensionOf(path))} are not published`);
    else if (isSmallEnough(file, this.input, this.problems)) assets.push(file);
    else this.unpublished.set(path, tooLarge(file.size ?? 0, this.input));
  }

  sorted(): Pick<Snapshot, 'markdown' | 'partials' | 'data' | 'assets' | 'statics' | 'sidebars'> {
    return {
      markdown: sorted(this.markdown),
      partials: sorted(this.partials),
      data: sorted(this.data),
      assets: sorted(this.assets),
      statics: sorted(this.statics),
      sidebars: this.sidebars[0],
    };
  }

  private addPage(file: SourceFile): void {
    (isPartial(file.path) ? this.partials : this.markdown).push(file);
    const { maxPages } = this.input.limits;
    if (this.markdown.length + this.partials.length > maxPages) stopAtPageLimit(maxPages, this.problems);
  }
}

function checkFileCount(files: number, { limits }: BuildInput, problems: ProblemLog): void {
  if (files <= limits.maxFiles) return;
  const message = `the folder has more than ${limits.maxFiles} files, the limit of a build`;
  problems.stop({ code: 'too-many-files', message });
}

export function stopAtPageLimit(maxPages: number, problems: ProblemLog): never {
  problems.stop({ code: 'too-many-pages', message: `the site has more than ${maxPages} pages, the limit of a build` });
}

/** Rejects paths that cannot be part of a site. */
function isSafe({ path }: SourceFile, problems: ProblemLog): boolean {
  const unsafe = unsafePathReason(path);
  if (unsafe !== undefined) {
    problems.warn({ code: 'path-unsafe', message: `${JSON.stringify(path.slice(0, 200))} is skipped: ${unsafe}` });
    return false;
  }
  if (isReserved(path)) {
    problems.warn({ code: 'path-reserved', message: RESERVED_MESSAGE, file: path });
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
  const message = `${tooLarge(size, { limits })}; it is not published`;
  problems.warn({ code: 'asset-too-large', message, file: file.path });
  return false;
}

export function tooLarge(size: number, { limits }: Pick<BuildInput, 'limits'>): string {
  return `${formatBytes(size)} is over the limit of ${formatBytes(limits.maxAssetBytes)} for a file`;
}

/** Compares by code units, so that the order does not depend on the machine's locale. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(files: SourceFile[]): SourceFile[] {
  return files.sort((a, b) => comparePaths(a.path, b.path));
}
