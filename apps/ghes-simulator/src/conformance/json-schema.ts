/** A schema of a description, or a part of one. */
export type SchemaNode = Record<string, unknown>;

/** Prefix of references within the compiled description. */
export const DOCUMENT_ID = 'description';

/**
 * Converts an OpenAPI 3.0 schema to JSON Schema: `nullable` becomes a second type, references become absolute. Examples
 * and texts are removed, because the descriptions are large.
 */
export function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = corrected(node as SchemaNode);
  const schema: SchemaNode = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key === '$ref') schema[key] = `${DOCUMENT_ID}${String(value)}`;
    else if (key === 'properties') schema[key] = mapValues(value as SchemaNode, toJsonSchema);
    else if (key === 'enum' || key === 'const' || key === 'default') schema[key] = value;
    else if (!UNNEEDED.has(key)) schema[key] = toJsonSchema(value);
  }
  return nullable === true ? orNull(schema) : schema;
}

/**
 * The list of an app's installations describes the account with `allOf` of user and enterprise, which no value
 * satisfies. A single installation has the right `anyOf`.
 */
function corrected(node: SchemaNode): SchemaNode {
  const { allOf, ...rest } = node;
  const titles = Array.isArray(allOf) ? allOf.map((item: SchemaNode) => item['title']) : [];
  return titles.join() === 'Simple User,Enterprise' ? { ...rest, anyOf: allOf } : node;
}

const UNNEEDED = new Set([
  'example',
  'examples',
  'description',
  'title',
  'externalDocs',
  'discriminator',
  'deprecated',
]);

function orNull(schema: SchemaNode): SchemaNode {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const allowed = Array.isArray(values) && !values.includes(null) ? { enum: [...(values as unknown[]), null] } : {};
  return { ...schema, ...allowed, type: [type, 'null'] };
}

export function mapValues<T>(record: Record<string, T>, map: (value: T) => unknown): SchemaNode {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
