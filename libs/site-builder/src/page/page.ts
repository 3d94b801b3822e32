import type { BuildLimits } from '../build-limits.js';
import type { LinkAnswer, RewriteLink } from '../links/page-links.js';
import type { Heading } from '../markdown/headings.rules.js';
import type { PageErrorDetails, WarningDetails } from '../problem.js';
import type { SearchEntry } from '../search/search-index.js';
import type { SourceFile } from '../site-builder.js';
import type { Html } from './html.template.js';

/** The content of a page without its frame. Depends only on its source and on the targets of its links. */
export interface PageBody {
  readonly html: Html;
  readonly headings: readonly Heading[];
  /** Ids of elements other than headings; undefined if a script creates them in the browser. */
  readonly anchors: readonly string[] | undefined;
  /** The beginning of the text, for the search. */
  readonly text?: string;
  /** True if a script draws diagrams in the browser. */
  readonly diagrams?: boolean;
  readonly warnings: readonly WarningDetails[];
  /** Errors of parts that were left out. */
  readonly errors?: readonly PageErrorDetails[];
  /** Included files with their ids. */
  readonly includes: readonly Include[];
  /** A generated file that the page loads, below the reserved folder. */
  readonly attachment?: { readonly path: string; readonly body: string };
}

export interface Include {
  readonly file: string;
  /** Undefined if the file does not exist. */
  readonly id: string | undefined;
  /** If the settings of the repository ignored the file. Absent if they make no difference. */
  readonly ignored?: boolean;
}

/** A body as stored in the cache. */
export interface RenderedPage extends Omit<PageBody, 'text'> {
  readonly search: SearchEntry;
  readonly links: readonly LinkAnswer[];
  /** Identifies the body; undefined if it was not cached. */
  readonly key?: string;
}

export interface RenderContext {
  /** Returns the rewriter for links in a file. */
  readonly rewriter: (file: string) => RewriteLink;
  /** The text of included files, by path. */
  readonly partials: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Files that are no part of the site, by path. */
  readonly ignored: { readonly has: (path: string) => boolean };
  readonly limits: BuildLimits;
}

/** A parsed page of the repository. */
export interface Page {
  readonly file: string;
  /** Its folder in the site; see `pageFolder`. */
  readonly folder: string;
  /** Undefined if the page has no title; then the name of its folder is used. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: 'article' | 'reference';
  readonly source: SourceFile;
  /** The result of an earlier build for the same source. Valid if its links lead to the same addresses. */
  readonly earlier?: RenderedPage;
  readonly render: (context: RenderContext) => PageBody | Promise<PageBody>;
}
