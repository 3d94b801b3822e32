/** A diagnostic of a page. */
export interface PageDiagnostic {
  /** Default: warning. */
  readonly severity?: 'error';
  readonly rule: string;
  readonly message: string;
  /** Line in the Markdown below the front matter, counted from 0. */
  readonly line: number;
}
