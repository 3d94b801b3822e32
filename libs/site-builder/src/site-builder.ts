import type { BuildLimits } from './build-limits.js';
import type { CheckExemptions } from './configuration/publication.rules.js';
import type { LogPlace, Problem } from './problem.js';

/** The mode of a git tree entry. Symbolic links and submodules are never followed. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** A file of the snapshot. Its bytes are read only if the site needs them. */
export interface SourceFile {
  /** Relative to the project's root folder, separated by `/`. Untrusted: the builder validates it. */
  readonly path: string;
  readonly mode: FileMode;
  /** In bytes. If given, a file over its limit is rejected without being read. */
  readonly size?: number;
  /** Identifies the content, e.g. the id of the git blob. Without it, the page is not cached. */
  readonly id?: string;
  readonly read: () => Promise<Buffer>;
}

/**
 * Stores rendered pages between builds. Entries are trusted, so only the builder may write to it, and a store serves one
 * project. Pages that are missing or cannot be read are rendered again.
 */
export interface PageCache {
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly set: (key: string, value: Buffer) => Promise<void>;
}

/** The folder of a repository that a site is built from, on its server. */
export interface RepositoryFolder {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly owner: string;
  readonly name: string;
  readonly branch: string;
  /** The root folder of the project; empty for the repository's root. */
  readonly folder: string;
}

export interface BuildInput {
  /** Name of the site, shown in the header of every page. */
  readonly title: string;
  readonly files: AsyncIterable<SourceFile> | Iterable<SourceFile>;
  readonly limits: BuildLimits;
  readonly log: (level: 'info' | 'warning' | 'error', message: string, at?: LogPlace) => void;
  /** Checked between files. Once aborted, the build rejects with its reason. */
  readonly signal: AbortSignal;
  readonly cache?: PageCache;
  readonly reuse?: ReuseFile;
  /** Default: files in Git LFS are not published. */
  readonly readLfsFiles?: ReadLfsFiles;
  /** For links to edit pages. Absent for a site that is not built from a branch. */
  readonly repository?: RepositoryFolder;
}

/**
 * Takes over a file of an earlier site. `key` identifies the content. Returns the size in bytes, or undefined if the earlier site
 * has no file with this path and key; then the builder writes it.
 */
export type ReuseFile = (path: string, key: string) => number | undefined;

/** Content that a Git LFS pointer stands for, or why it cannot be published. */
export type LfsFile = { readonly read: () => Promise<Buffer> } | { readonly reason: string };

/** Finds the content of Git LFS pointers. @param pointers are the ids of their files */
export type ReadLfsFiles = (pointers: readonly string[]) => Promise<ReadonlyMap<string, LfsFile>>;

/** A file of the site. `path` is relative, without `.` or `..` segments, and unique. */
export interface OutputFile {
  readonly path: string;
  readonly body: Buffer | string;
  readonly contentType: string;
  /** Equal keys of a path mean equal content. Absent for content that is always written again. */
  readonly key?: string;
}

/** Calls may overlap. No two calls have the same path. */
export type WriteFile = (file: OutputFile) => Promise<void>;

export interface BuildResult {
  /** Pages made from files of the repository, without listings and the 404 page. */
  readonly pages: number;
  /** Number of pages that were rendered; the others came from the cache. */
  readonly rendered: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
  /** The checks that `redocly.yaml` exempts from keeping the site from production. */
  readonly exempt: Pick<CheckExemptions, 'links' | 'markdoc' | 'lint'>;
}

/**
 * Turns a snapshot into a static site. Executes nothing of the snapshot and accesses nothing but `files` and `write`. Publish
 * the files only after `build` has resolved: a build may fail after its first page.
 *
 * @throws BuildFailedError if a page cannot be built or a limit is exceeded
 */
export interface SiteBuilder {
  readonly name: string;
  readonly build: (input: BuildInput, write: WriteFile) => Promise<BuildResult>;
}
