import type { RewriteLink } from '../links/link-rewriter.js';
import type { Heading } from '../markdown/markdown.renderer.js';
import type { Html } from './html.template.js';

export interface PageBody {
  readonly html: Html;
  readonly headings: readonly Heading[];
}

export interface RenderContext {
  readonly rewrite: RewriteLink;
  /** Publishes the page's own source; gives its address, if it can be had. */
  readonly publishSource: () => string | undefined;
}

/** A page of the repository, read and understood, not rendered yet. */
export interface Page {
  readonly file: string;
  /** The folder of the site it lives in; see `pageFolder`. */
  readonly folder: string;
  /** Undefined if the page does not say: then it is called after its folder. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** The source as written, to find the line of a fault. */
  readonly text: string;
  readonly render: (context: RenderContext) => PageBody;
}
