interface Listed {
  readonly example: number;
  readonly reason: string;
}

interface Extensions {
  readonly autolinks: boolean;
  readonly tagFilter: boolean;
}

export interface SuiteResult {
  readonly total: number;
  /** Examples that differ although no reason is listed. */
  readonly unexpected: readonly {
    readonly example: number;
    readonly markdown: string;
    readonly html: string;
    readonly actual: string;
  }[];
  readonly exceptions: readonly Listed[];
  /** Examples that pass with an extension of GFM switched off. */
  readonly withoutExtension: readonly Listed[];
  /** Numbers of listed examples that do not differ. */
  readonly unused: readonly number[];
}

export declare function runSpecification(
  render: (markdown: string, extensions: Extensions) => string,
): Readonly<Record<'commonmark' | 'gfm', SuiteResult>>;
