import type { BuildLimits } from './build-limits.js';
import type { LogPlace, Problem } from './problem.js';

/** How git records an entry of a tree. Anything but a regular file is never followed. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** A file of the snapshot. Its bytes are read only if the site needs them. */
export interface SourceFile {
  /** Relative to the project's root folder, separated by `/`. It is checked here; it need not be trusted. */
  readonly path: string;
  readonly mode: FileMode;
  /** In bytes. Where it is known, a file over its limit is refused without being read. */
  readonly size?: number;
  /** Names the bytes, e.g. git's id of the blob: the same id, the same bytes. Without it, a page is always rendered. */
  readonly id?: string;
  readonly read: () => Promise<Buffer>;
}

/**
 * Keeps rendered pages from one build to the next. Only a builder reads what it wrote: a store serves one project, or
 * at least nobody else may write to it. What is missing, or fails to be read, is rendered again.
 */
export interface PageCache {
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly set: (key: string, value: Buffer) => Promise<void>;
}

export interface BuildInput {
  /** Name of the site, shown in the header of every page. */
  readonly title: string;
  readonly files: AsyncIterable<SourceFile> | Iterable<SourceFile>;
  readonly limits: BuildLimits;
  readonly log: (level: 'info' | 'warning' | 'error', message: string, at?: LogPlace) => void;
  /** Looked at between files; the build rejects with its reason. */
  readonly signal: AbortSignal;
  readonly cache?: PageCache;
}

/** A file of the finished site. `path` is relative, without `.` or `..` segments, and given once. */
export interface OutputFile {
  readonly path: string;
  readonly body: Buffer | string;
  readonly contentType: string;
}

/** Called for the next file before it has resolved for the last; no two have the same path. */
export type WriteFile = (file: OutputFile) => Promise<void>;

export interface BuildResult {
  /** Pages made from the repository's files, without the listings and the 404 page. */
  readonly pages: number;
  /** How many of them were rendered; the others came from the cache. */
  readonly rendered: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/**
 * Turns a snapshot into a static site. It executes nothing of the snapshot and reaches nothing but `files` and `write`.
 * Publish what was written only after `build` has resolved: a build may fail after its first page.
 *
 * @throws BuildFailedError when a page cannot be built or a limit is passed
 */
export interface SiteBuilder {
  readonly name: string;
  readonly build: (input: BuildInput, write: WriteFile) => Promise<BuildResult>;
}
