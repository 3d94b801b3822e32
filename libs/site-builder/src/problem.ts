export interface LogPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** Errors of one file. The rest of the site is built without it. */
export type PageErrorCode =
  | 'encoding-unsupported'
  | 'front-matter-invalid'
  | 'openapi-invalid'
  | 'page-too-complex'
  | 'page-too-large'
  | 'sidebars-invalid';

/** Limits of a site. Exceeding one ends the build. */
export type SiteErrorCode = 'output-too-large' | 'source-too-large' | 'too-many-files' | 'too-many-pages';

export type FailureCode = PageErrorCode | SiteErrorCode;

/** Warnings: the site is built without the reported part. */
export type WarningCode =
  | 'address-taken'
  | 'anchor-missing'
  | 'asset-too-large'
  | 'configuration-invalid'
  | 'file-not-published'
  | 'front-matter-unknown'
  | 'include-circular'
  | 'include-missing'
  | 'lfs-pointer'
  | 'link-broken'
  | 'link-leaves-root'
  | 'link-rejected'
  | 'math-invalid'
  | 'more-warnings'
  | 'openapi-not-shown'
  | 'openapi-value-skipped'
  | 'path-reserved'
  | 'path-unsafe'
  | 'redirect-invalid'
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
  /** The target of a link as written. */
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

/** An error before the log adds its severity. */
export type PageErrorDetails = Located & { readonly code: PageErrorCode };
export type SiteErrorDetails = Located & { readonly code: SiteErrorCode };

/** A warning before the log adds its severity. */
export type WarningDetails = Omit<Warning, 'severity'>;

export type Problem = Failure | Warning;
