import { html, type Html } from '../page/html.template.js';
import { isRecord, listOf, recordOf, textOf } from '../syntax/values.rules.js';
import type { ReferenceContext } from './reference-context.js';
import { nameOfRef, refOf, resolveRef } from './references.rules.js';

/** Deeper than this a reader follows a link better than an indentation. */
const maxWrittenOutDepth = 5;
/** One body or parameter is not the place to read a whole data model. */
const maxWrittenOut = 300;
/** Nobody nests that deep; a file that does must not take the stack with it. */
const maxDepth = 50;

interface Place {
  readonly depth: number;
  /** References that are open around this place: meeting one again is a circle. */
  readonly open: readonly string[];
  /** Schemas still to be written out below the top; afterwards references are links. */
  readonly budget: { left: number };
}

function top(budget: number): Place {
  return { depth: 0, open: [], budget: { left: budget } };
}

/** A schema as a nested list: its type, its constraints, its properties. References inside the file are written out. */
export function schemaView(context: ReferenceContext, schema: unknown, place = top(maxWrittenOut)): Html {
  const { value, ref, unresolved } = resolveRef(context.description, schema);
  if (unresolved !== undefined) return html`<span class="type">${unresolved}</span>`;
  if (place.depth > maxDepth) return html`…`;
  place.budget.left -= 1;
  context.countSchema();
  if (ref === undefined) return definitionView(context, value, place);
  const circular = place.open.includes(ref);
  if (circular || place.open.length >= maxWrittenOutDepth || place.budget.left < 0 || !context.writesOut) {
    return linkTo(context, ref, circular);
  }
  return html`<span class="type">${nameOfRef(ref)} · </span
    >${definitionView(context, value, { ...place, open: [...place.open, ref] })}`;
}

/** A named schema in its own place: what it refers to is linked. */
export function namedSchemaView(context: ReferenceContext, schema: unknown): Html {
  const { value, unresolved } = resolveRef(context.description, schema);
  return unresolved === undefined
    ? definitionView(context, value, top(0))
    : html`<span class="type">${unresolved}</span>`;
}

function definitionView(context: ReferenceContext, schema: unknown, place: Place): Html {
  const fields = recordOf(schema);
  const own = html`<span class="type">${typeOf(schema)}</span>${constraints(fields)}${describe(context, fields)}`;
  return html`${context.charge(own)}${parts(context, fields, { ...place, depth: place.depth + 1 })}`;
}

/** `string (email)`, `array of Pet`, `one of`: a schema in a few words. */
export function typeOf(schema: unknown): string {
  if (!isRecord(schema)) return schema === false ? 'nothing' : 'any';
  const ref = refOf(schema);
  if (ref !== undefined) return nameOfRef(ref);
  const types = (Array.isArray(schema['type']) ? listOf(schema['type']) : [schema['type']]).map(textOf);
  const type = types.filter((name) => name !== undefined).join(' or ');
  const format = textOf(schema['format']);
  if (type === 'array') return `array of ${itemType(schema['items'])}`;
  if (type !== '') return format === undefined ? type : `${type} (${format})`;
  if ('properties' in schema) return 'object';
  const [value] = listOf(schema['enum']);
  if (typeof value === 'string' || typeof value === 'number') return typeof value;
  const combined = combinations.find(([keyword]) => keyword in schema);
  return combined ? combined[1] : 'any';
}

const combinations = [
  ['allOf', 'all of'],
  ['oneOf', 'one of'],
  ['anyOf', 'any of'],
] as const;

/** One level only: the items of items are written out below. */
function itemType(items: unknown): string {
  const inner = recordOf(items);
  return refOf(inner) !== undefined || inner['type'] !== 'array' ? typeOf(items) : 'arrays';
}

function linkTo(context: ReferenceContext, ref: string, circular: boolean): Html {
  const anchor = context.anchorOf(ref);
  const note = circular && html` <span class="note">(recursive)</span>`;
  return anchor === undefined
    ? html`<span class="type">${nameOfRef(ref)} …</span>${note}`
    : html`<a class="type" href="#${anchor}">${nameOfRef(ref)}</a>${note}`;
}

function parts(context: ReferenceContext, schema: Record<string, unknown>, place: Place): Html {
  const required = new Set(listOf(schema['required']));
  const entries = Object.entries(recordOf(schema['properties'])).map(
    ([name, property]) =>
      html`<li>
        <code class="name">${name}</code> ${required.has(name) && requiredMark}${schemaView(context, property, place)}
      </li>`,
  );
  const alternatives = combinations.flatMap(([keyword, label]) =>
    listOf(schema[keyword]).map(
      (part) => html`<li><span class="note">${label}</span> ${schemaView(context, part, place)}</li>`,
    ),
  );
  const items =
    'items' in schema && html`<li><span class="note">items</span> ${schemaView(context, schema['items'], place)}</li>`;
  const values =
    isRecord(schema['additionalProperties']) &&
    html`<li><span class="note">other names</span> ${schemaView(context, schema['additionalProperties'], place)}</li>`;
  const all = [...entries, ...alternatives, items, values].filter((entry) => entry !== false);
  return all.length === 0
    ? html``
    : html`<ul class="schema">
        ${all}
      </ul>`;
}

export const requiredMark = html`<span class="required">required</span> `;

const constraintLabels = [
  ['default', 'default'],
  ['minimum', 'at least'],
  ['maximum', 'at most'],
  ['minLength', 'min length'],
  ['maxLength', 'max length'],
  ['minItems', 'min items'],
  ['maxItems', 'max items'],
  ['pattern', 'pattern'],
  ['const', 'always'],
  ['example', 'example'],
] as const;

/** Long lists of values are cut: they are data, not documentation. */
const maxEnumValues = 50;

function constraints(schema: Record<string, unknown>): Html[] {
  const found = constraintLabels.flatMap(([keyword, label]) => {
    const value = textOf(schema[keyword]);
    return value === undefined ? [] : [html` <span class="note">${label} <code>${value}</code></span>`];
  });
  const values = listOf(schema['enum']).map((value) => (value === null ? 'null' : (textOf(value) ?? '{…}')));
  if (values.length > 0) {
    const shown = values.slice(0, maxEnumValues).map((value) => html`<code>${value}</code> `);
    found.push(html` <span class="note">one of ${shown}${values.length > maxEnumValues && '…'}</span>`);
  }
  for (const flag of ['nullable', 'readOnly', 'writeOnly', 'deprecated']) {
    if (schema[flag] === true) found.push(html` <span class="note">${flag}</span>`);
  }
  return found;
}

function describe(context: ReferenceContext, schema: Record<string, unknown>): Html | false {
  const description = context.markdown(schema['description']);
  return description !== undefined && html`<div class="description">${description}</div>`;
}
