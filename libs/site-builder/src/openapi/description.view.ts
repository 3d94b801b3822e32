import type { RewriteLink } from '../links/link-rewriter.js';
import type { Heading } from '../markdown/markdown.renderer.js';
import { slugOf } from '../markdown/slug.rules.js';
import { html, type Html } from '../page/html.template.js';
import { listOf, recordOf, textOf } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { operationView } from './operation.view.js';
import { groupOperations } from './operations.rules.js';
import { ReferenceContext } from './reference-context.js';
import { namedSchemaView } from './schema.view.js';

/** What a description calls itself. */
export function titleOfDescription(description: Description): string | undefined {
  return textOf(recordOf(description['info'])['title']);
}

/** An OpenAPI or Swagger description as a page to read. `source` is the address of the file itself. */
export function descriptionView(
  description: Description,
  rewrite: RewriteLink,
  source: string | undefined,
): { html: Html; headings: Heading[] } {
  const context = new ReferenceContext(description, rewrite);
  const headings: Heading[] = [];
  const heading = (level: number, text: string, wanted = slugOf(text)): string => {
    const id = context.ids.take(wanted);
    headings.push({ id, level, text });
    return id;
  };
  const info = recordOf(description['info']);
  const version = textOf(info['version']);
  const groups = groupOperations(description).map((group) => {
    const id = heading(2, group.name);
    const operations = group.operations.map((operation) =>
      context.charge(
        operationView(
          context,
          operation,
          heading(3, operation.title, `${operation.method.toLowerCase()}-${slugOf(operation.path)}`),
        ),
      ),
    );
    return html`<h2 id="${id}">${group.name}</h2>
      ${context.markdown(group.description)}${operations}`;
  });
  return {
    html: html`<h1>
        ${textOf(info['title']) ?? 'API reference'}${version !== undefined && html` <span class="version">${version}</span>`}
      </h1>
      ${source !== undefined && html`<p><a href="${source}" download>Download the description</a></p>`}
      ${context.markdown(info['description'])} ${serversView(description)} ${groups} ${schemasView(context, heading)}`,
    headings,
  };
}

/** Swagger 2 says the same in three keys. */
function serversView(description: Description): Html | false {
  const { host, basePath } = description;
  const addresses = listOf(description['servers']).map((server) => textOf(recordOf(server)['url']));
  if (textOf(host) !== undefined) addresses.push(`${textOf(host) ?? ''}${textOf(basePath) ?? ''}`);
  const known = addresses.filter((address) => address !== undefined);
  return known.length > 0 && html`<p>Served at ${known.map((address) => html`<code>${address}</code> `)}</p>`;
}

function schemasView(context: ReferenceContext, heading: (level: number, text: string) => string): Html | false {
  const schemas = [...context.schemas()];
  if (schemas.length === 0) return false;
  const id = heading(2, 'Schemas');
  return html`<h2 id="${id}">Schemas</h2>
    ${schemas.map(
      ([reference, name, schema]) =>
        html`<section class="operation">
          <h3 id="${context.anchorOf(reference)}">${name}</h3>
          ${context.charge(namedSchemaView(context, schema))}
        </section>`,
    )}`;
}
