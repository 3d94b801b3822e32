export interface LogPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** Reasons for which a page cannot be built, or the site not at all. */
export type FailureCode =
  | 'front-matter-invalid'
  | 'openapi-invalid'
  | 'output-too-large'
  | 'page-too-complex'
  | 'page-too-large'
  | 'sidebars-invalid'
  | 'source-too-large'
  | 'too-many-files'
  | 'too-many-pages';

/** Things left out of a site that was built all the same. */
export type WarningCode =
  | 'address-taken'
  | 'asset-too-large'
  | 'file-not-published'
  | 'lfs-pointer'
  | 'link-broken'
  | 'link-leaves-root'
  | 'link-refused'
  | 'more-warnings'
  | 'path-unsafe'
  | 'sidebar-entry-invalid'
  | 'sidebar-page-missing'
  | 'submodule-skipped'
  | 'symlink-skipped';

interface Located {
  readonly message: string;
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
}

export interface Failure extends Located {
  readonly severity: 'error';
  readonly code: FailureCode;
}

export interface Warning extends Located {
  readonly severity: 'warning';
  readonly code: WarningCode;
}

export type Problem = Failure | Warning;
