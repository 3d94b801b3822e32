/** The used part of a JSON schema of the OpenAPI document. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

export type JsonSchemas = Readonly<Record<string, JsonSchema>>;

/** Composes an example from the examples of the fields. */
export function exampleOf(schema: JsonSchema, schemas: JsonSchemas): unknown {
  const [own] = schema.examples ?? [schema.default ?? schema.const ?? schema.enum?.[0]];
  if (own !== undefined) return own;
  if (schema.$ref !== undefined) return exampleOf(referencedBy(schema.$ref, schemas), schemas);
  const variant = [...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [])].find(({ type }) => type !== 'null');
  if (variant !== undefined) return exampleOf(variant, schemas);
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, exampleOf(field, schemas)]);
    return Object.fromEntries(fields.filter(([, example]) => example !== undefined));
  }
  if (schema.items !== undefined) return [exampleOf(schema.items, schemas)];
  return schema.type === 'boolean' ? true : undefined;
}

function referencedBy(reference: string, schemas: JsonSchemas): JsonSchema {
  const name = reference.slice('#/components/schemas/'.length);
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`The document has no schema ${name}.`);
  return schema;
}

/** Restores the `examples` of JSON Schema, which Nest converts to the `example` of OpenAPI 3.0. Changes `schema` in place. */
export function restoreExamples(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const node = schema as Record<string, unknown>;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') for (const field of Object.values(value as object)) restoreExamples(field);
    else if (Array.isArray(value)) value.forEach(restoreExamples);
    else if (key === 'items') restoreExamples(value);
  }
  if (!('example' in node)) return;
  node['examples'] = [node['example']];
  delete node['example'];
}
