import { html, type Html } from '../page/html.template.js';
import { isRecord, recordOf, textOf } from '../syntax/values.rules.js';
import type { Operation } from './operations.rules.js';
import type { ReferenceContext } from './reference-context.js';
import { resolveRef } from './references.rules.js';
import { requiredMark, schemaView } from './schema.view.js';

/** One operation: what it is for, what goes in, what comes out. */
export function operationView(context: ReferenceContext, operation: Operation, id: string): Html {
  return html`<section class="operation">
    <h3 id="${id}">${operation.title} <a class="anchor" href="#${id}" aria-label="Link to this operation">#</a></h3>
    <p class="endpoint">
      <span class="method method-${operation.method.toLowerCase()}">${operation.method}</span>
      <code>${operation.path}</code>${operation.deprecated && html` <span class="note">deprecated</span>`}
    </p>
    ${context.markdown(operation.description)} ${parametersView(context, operation.parameters)}
    ${operation.requestBody !== undefined && bodyView(context, operation.requestBody)}
    ${responsesView(context, operation.responses)}
  </section> `;
}

function parametersView(context: ReferenceContext, parameters: readonly unknown[]): Html | false {
  const entries = parameters.map((entry) => {
    const { value, unresolved } = resolveRef(context.description, entry);
    if (unresolved !== undefined) return html`<li><code>${unresolved}</code></li>`;
    const parameter = recordOf(value);
    const description = context.markdown(parameter['description']);
    // Swagger 2 has the type on the parameter itself.
    const schema = parameter['schema'] ?? { ...parameter, description: undefined };
    return context.charge(
      html`<li>
        <code class="name">${textOf(parameter['name'])}</code> <span class="note">${textOf(parameter['in'])}</span> ${
          parameter['required'] === true && requiredMark
        }${schemaView(context, schema)}${description && html`<div class="description">${description}</div>`}
      </li>`,
    );
  });
  return (
    entries.length > 0 &&
    html`<h4>Parameters</h4>
      <ul class="schema">
        ${entries}
      </ul>`
  );
}

function bodyView(context: ReferenceContext, requestBody: unknown): Html {
  const { value, unresolved } = resolveRef(context.description, requestBody);
  const body = recordOf(value);
  return html`<h4>Request body ${body['required'] === true && requiredMark}</h4>
    ${unresolved !== undefined && html`<p><code>${unresolved}</code></p>`}${context.markdown(body['description'])}${contentView(context, body)}`;
}

function responsesView(context: ReferenceContext, responses: Readonly<Record<string, unknown>>): Html | false {
  const entries = Object.entries(responses).map(([status, entry]) => {
    const { value, unresolved } = resolveRef(context.description, entry);
    const response = recordOf(value);
    return context.charge(
      html`<li class="response">
        <span class="status status-${status.charAt(0)}">${status}</span>
        ${unresolved !== undefined && html`<code>${unresolved}</code>`}${context.markdown(response['description'])}${contentView(context, response)}
      </li>`,
    );
  });
  return (
    entries.length > 0 &&
    html`<h4>Responses</h4>
      <ul class="responses">
        ${entries}
      </ul>`
  );
}

/** The schemas of a body or response by media type; Swagger 2 has one `schema` without a media type. */
function contentView(context: ReferenceContext, body: Record<string, unknown>): Html {
  if (isRecord(body['schema'])) return html`<div class="content">${schemaView(context, body['schema'])}</div>`;
  return html`${Object.entries(recordOf(body['content'])).map(
    ([mediaType, content]) =>
      html`<div class="content"><code>${mediaType}</code> ${schemaView(context, recordOf(content)['schema'])}</div>`,
  )}`;
}
