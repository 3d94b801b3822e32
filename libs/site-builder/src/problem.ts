export interface LogPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** Reasons for which a page cannot be built, or the site not at all. */
export type FailureCode =
  | 'encoding-unsupported'
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
  | 'anchor-missing'
  | 'asset-too-large'
  | 'file-not-published'
  | 'include-circular'
  | 'include-missing'
  | 'lfs-pointer'
  | 'link-broken'
  | 'link-leaves-root'
  | 'link-rejected'
  | 'more-warnings'
  | 'path-reserved'
  | 'path-unsafe'
  | 'reference-missing'
  | 'reference-outside'
  | 'sidebar-entry-invalid'
  | 'sidebar-page-missing'
  | 'submodule-skipped'
  | 'symlink-skipped'
  | 'tag-unclosed'
  | 'tag-unknown';

interface Located {
  readonly message: string;
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** What a link leads to, as it is written. */
  readonly target?: string;
}

export interface Failure extends Located {
  readonly severity: 'error';
  readonly code: FailureCode;
}

export interface Warning extends Located {
  readonly severity: 'warning';
  readonly code: WarningCode;
}

/** A warning as it is found: that it is one is added by the log. */
export type Remark = Omit<Warning, 'severity'>;

export type Problem = Failure | Warning;
