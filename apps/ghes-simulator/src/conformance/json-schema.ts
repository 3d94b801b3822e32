/** A schema as a description writes it, or a part of one. */
export type SchemaNode = Record<string, unknown>;

/** Marks addresses inside the description that is compiled, whatever file it came from. */
export const documentId = 'description';

/**
 * An OpenAPI 3.0 schema as JSON Schema: `nullable` becomes a second type, references become absolute. What a validator
 * does not need (examples, texts) is left out: the descriptions are large.
 */
export function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = corrected(node as SchemaNode);
  const schema: SchemaNode = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key === '$ref') schema[key] = `${documentId}${String(value)}`;
    else if (key === 'properties') schema[key] = mapValues(value as SchemaNode, toJsonSchema);
    else if (key === 'enum' || key === 'const' || key === 'default') schema[key] = value;
    else if (!unneeded.has(key)) schema[key] = toJsonSchema(value);
  }
  return nullable === true ? orNull(schema) : schema;
}

/**
 * The list of an app's installations describes their account as a user and an enterprise at once, which nothing can be;
 * a single installation has the right `anyOf`.
 */
function corrected(node: SchemaNode): SchemaNode {
  const { allOf, ...rest } = node;
  const titles = Array.isArray(allOf) ? allOf.map((item: SchemaNode) => item['title']) : [];
  return titles.join() === 'Simple User,Enterprise' ? { ...rest, anyOf: allOf } : node;
}

const unneeded = new Set([
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
