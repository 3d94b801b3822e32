import { highlight } from '../markdown/highlight.rules.js';
import type { Heading } from '../markdown/headings.rules.js';
import { renderMarkdown } from '../markdown/markdown.renderer.js';
import { slugOf, UniqueIds } from '../markdown/slug.rules.js';
import { html, trusted, type Html } from '../page/html.template.js';
import type { Page, PageBody, RenderContext } from '../page/page.js';
import type { WarningDetails } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import { extensionOf, pageFolder } from '../source/paths.rules.js';
import { isRecord, recordOf, textOf } from '../syntax/values.rules.js';
import { parseJson, parseYaml } from '../syntax/yaml.rules.js';

/** Entries of one section. Further ones are counted only. */
const MAX_ENTRIES = 500;
/** In characters, of one entry. */
const MAX_DETAILS = 10_000;

/** Formats that no renderer shows, with the parts that their pages list. */
const FORMATS: readonly { readonly key: string; readonly name: string; readonly sections: readonly string[] }[] = [
  { key: 'asyncapi', name: 'AsyncAPI', sections: ['servers', 'channels', 'operations'] },
  { key: 'arazzo', name: 'Arazzo', sections: ['sourceDescriptions', 'workflows'] },
];

/** `asyncapi: 3.0.0` or `arazzo: 1.0.1` at the start of a line, or as the first key of an object. */
const VERSION_ENTRY = /^(?:\{\s{0,99})?["']?(?:asyncapi|arazzo)["']?[ \t]{0,9}:[ \t]{0,9}["']?\d+\.\d+/m;

/**
 * The page of an AsyncAPI or Arazzo description: an outline with its texts and details.
 *
 * @returns undefined for other data
 * @throws SourceSyntaxError if it is one and cannot be parsed
 */
export function outlinePage(source: SourceFile, text: string): Page | undefined {
  if (!VERSION_ENTRY.test(text.replace(/^\uFEFF/, ''))) return undefined;
  const root = extensionOf(source.path) === 'json' ? parseJson(text) : parseYaml(text);
  const description = recordOf(root);
  const format = FORMATS.find(({ key }) => /^\d+\.\d+/.test(textOf(description[key]) ?? ''));
  if (!format) return undefined;
  const title = textOf(recordOf(description['info'])['title']) ?? `${format.name} description`;
  return {
    file: source.path,
    folder: pageFolder(source.path),
    title,
    description: undefined,
    kind: 'article',
    source,
    render: (context) => new Outline(source.path, context).render(title, description, format.sections),
  };
}

class Outline {
  private readonly ids = new UniqueIds();
  private readonly headings: Heading[] = [];
  private readonly warnings: WarningDetails[] = [];

  constructor(
    private readonly file: string,
    private readonly context: RenderContext,
  ) {}

  render(title: string, description: Readonly<Record<string, unknown>>, sections: readonly string[]): PageBody {
    const { version, description: about } = recordOf(description['info']);
    const id = this.heading(1, title);
    const intro = html`<h1 id="${id}">${title} <small>${textOf(version)}</small></h1>
      ${this.markdown(about)}`;
    const parts = sections.map((name) => this.section(name, description[name]));
    const { headings, warnings } = this;
    return { html: html`${intro}${parts}`, headings, anchors: [], warnings, includes: [] };
  }

  private section(name: string, value: unknown): Html | false {
    const entries = entriesOf(value);
    if (entries.length === 0) return false;
    const title =
      name.charAt(0).toUpperCase() + name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    const hidden = entries.length - MAX_ENTRIES;
    return html`<h2 id="${this.heading(2, title)}">${title}</h2>
      ${entries.slice(0, MAX_ENTRIES).map(([key, entry]) => this.entry(key, entry))}
      ${hidden > 0 && html`<p>${hidden} more are not shown.</p>`}`;
  }

  private entry(key: string, value: unknown): Html {
    const { summary, description } = recordOf(value);
    const details = JSON.stringify(value, null, 2);
    const code = details.length > MAX_DETAILS ? `${details.slice(0, MAX_DETAILS)}\n…` : details;
    const colored = highlight(code, 'json');
    return html`<h3 id="${this.heading(3, key)}"><code>${key}</code></h3>
      ${this.markdown(summary)}${this.markdown(description)}
      <details>
        <summary>Details</summary>
        <pre><code class="language-json">${colored === undefined ? code : trusted(colored)}</code></pre>
      </details> `;
  }

  private markdown(text: unknown): Html | false {
    if (typeof text !== 'string') return false;
    const { file } = this;
    return renderMarkdown(text, {
      file,
      rewrite: this.context.rewriter(file),
      warn: (code, message) => void this.warnings.push({ code, message, file }),
      include: () => undefined,
    }).html;
  }

  private heading(level: number, text: string): string {
    const id = this.ids.take(slugOf(text));
    this.headings.push({ id, level, text });
    return id;
  }
}

/** The entries of a map, or of a list, whose entries have a name or an id. */
function entriesOf(value: unknown): (readonly [string, unknown])[] {
  if (isRecord(value)) return Object.entries(value);
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).map((entry, at) => {
    const { name, workflowId } = recordOf(entry);
    return [textOf(name) ?? textOf(workflowId) ?? String(at + 1), entry] as const;
  });
}
