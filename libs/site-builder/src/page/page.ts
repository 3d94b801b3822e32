import type { BuildLimits } from '../build-limits.js';
import type { LinkAnswer, RewriteLink } from '../links/page-links.js';
import type { Heading } from '../markdown/markdown.renderer.js';
import type { Remark } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import type { Html } from './html.template.js';

/** A page without its frame: all of it that depends on its source, and on where its links lead. */
export interface PageBody {
  readonly html: Html;
  readonly headings: readonly Heading[];
  /** Ids in the page that are no headings'; undefined if they are not known: a script makes them. */
  readonly anchors: readonly string[] | undefined;
  readonly remarks: readonly Remark[];
  /** Files that are part of the page, with the ids that they had. */
  readonly includes: readonly Include[];
  /** A file of our own that the page shows, below the reserved folder. */
  readonly attachment?: { readonly path: string; readonly body: string };
}

export interface Include {
  readonly file: string;
  /** Undefined if there is no such file. */
  readonly id: string | undefined;
}

/** A body as it is kept for the next build. */
export interface RenderedPage extends PageBody {
  readonly links: readonly LinkAnswer[];
}

export interface RenderContext {
  /** For links that are written in a file. */
  readonly rewriter: (file: string) => RewriteLink;
  /** The text of files that pages include. */
  readonly partials: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly limits: BuildLimits;
}

/** A page of the repository, read and understood, not rendered yet. */
export interface Page {
  readonly file: string;
  /** The folder of the site it lives in; see `pageFolder`. */
  readonly folder: string;
  /** Undefined if the page does not say: then it is called after its folder. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: 'article' | 'reference';
  readonly source: SourceFile;
  /** What an earlier build made of the same source. It is the page if its links lead where they led then. */
  readonly earlier?: RenderedPage;
  readonly render: (context: RenderContext) => PageBody | Promise<PageBody>;
}
