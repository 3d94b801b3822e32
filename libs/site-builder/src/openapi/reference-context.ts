import type { RewriteLink } from '../links/link-rewriter.js';
import { renderFragment } from '../markdown/markdown.renderer.js';
import { slugOf, UniqueIds } from '../markdown/slug.rules.js';
import type { Html } from '../page/html.template.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import { recordOf, textOf } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { escapePointer } from './references.rules.js';

/** Schema elements after which references are links instead of being written out: enough for most descriptions. */
const maxWrittenOut = 20_000;

/** Characters of markup, nested parts counted more than once. */
const maxMarkup = 50_000_000;

/** What the parts of one reference page share while it is rendered. */
export class ReferenceContext {
  readonly ids = new UniqueIds();
  /** The anchors of the named schemas, by reference. */
  readonly #anchors = new Map<string, string>();
  readonly #fragments = new Map<string, Html>();
  #schemas = 0;
  #markup = 0;

  constructor(
    readonly description: Description,
    readonly rewrite: RewriteLink,
  ) {
    for (const [reference, name] of this.schemas())
      this.#anchors.set(reference, this.ids.take(`schema-${slugOf(name)}`));
  }

  /** The named schemas as `[reference, name, schema]`: OpenAPI's and Swagger's place for them. */
  *schemas(): Generator<readonly [reference: string, name: string, schema: unknown]> {
    const places = [
      ['#/components/schemas/', recordOf(recordOf(this.description['components'])['schemas'])],
      ['#/definitions/', recordOf(this.description['definitions'])],
    ] as const;
    for (const [prefix, schemas] of places) {
      for (const [name, schema] of Object.entries(schemas)) yield [`${prefix}${escapePointer(name)}`, name, schema];
    }
  }

  anchorOf(reference: string): string | undefined {
    return this.#anchors.get(reference);
  }

  /** Renders a description; the same text is rendered once. */
  markdown(value: unknown): Html | undefined {
    const text = textOf(value);
    if (text === undefined) return undefined;
    const rendered = this.#fragments.get(text) ?? renderFragment(text, this.rewrite);
    this.#fragments.set(text, rendered);
    return rendered;
  }

  /** Whether references to schemas are still to be written out where they stand. */
  get writesOut(): boolean {
    return this.#schemas < maxWrittenOut;
  }

  countSchema(): void {
    this.#schemas += 1;
  }

  /**
   * Everything that a reference can repeat goes through here.
   *
   * @throws PageTooComplexError
   */
  charge(part: Html): Html {
    this.#markup += part.markup.length;
    if (this.#markup > maxMarkup) throw new PageTooComplexError('written out, it is too long for one page');
    return part;
  }
}
