import type { BuildLimits, BuildResult, LogPlace, Problem, RepositoryFolder } from '@reunite/site-builder';
import type { ErrorCode, Finding } from '@reunite/contracts';

/** The tree of the content store that a task reads. Contains no secret and no reference to one. */
interface Source {
  readonly contentUrl: string;
  readonly repositoryId: string;
  readonly tree: string;
}

/**
 * Builds a site into `folder`, which may have an earlier site of the project: unchanged files are taken over. Reuses the rendered
 * pages of earlier builds from `cacheFile`.
 */
export interface BuildTask extends Source {
  readonly kind: 'build';
  readonly title: string;
  readonly folder: string;
  readonly cacheFile: string;
  readonly cacheBytes: number;
  readonly repository?: RepositoryFolder;
  readonly limits: BuildLimits;
}

export interface LintTask extends Source {
  readonly kind: 'lint';
  readonly limits: BuildLimits;
}

export interface TaskResults {
  readonly build: Pick<BuildResult, 'pages' | 'bytes' | 'problems' | 'exempt'>;
  readonly lint: {
    readonly errors: number;
    readonly warnings: number;
    readonly findings: readonly Finding[];
    /** Errors that can keep the site from production. */
    readonly blocking: number;
  };
}

export type Task = BuildTask | LintTask;

/** Local files with the content of Git LFS pointers, or why there is none, by the ids of the pointers' blobs. */
export type FetchedFiles = Readonly<Record<string, { readonly path: string } | { readonly reason: string }>>;

/** A message to the process of a task. */
export type Instruction = Task | { readonly kind: 'lfs-files'; readonly files: FetchedFiles };

/** An error in a message between processes, which cannot carry its class. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly problems: readonly Problem[];
}

export type Report =
  /** The code of the task is loaded, and the task begins. */
  | { readonly type: 'started' }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warning' | 'error';
      readonly message: string;
      readonly at?: LogPlace;
    }
  /** The build waits for the instruction `lfs-files`. */
  | { readonly type: 'lfs-pointers'; readonly ids: readonly string[] }
  | { readonly type: 'done'; readonly result: TaskResults[Task['kind']] }
  | { readonly type: 'failed'; readonly failure: Failure };
