import type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { JsonSchema, JsonSchemas } from '../src/http/openapi-examples.js';
import type { ExampleRequest } from './example-requests.js';

/** Fields by path, such as `items.branchPreviews.mode`. */
export interface Fields {
  readonly request: string[];
  readonly response: string[];
}

interface MessageType {
  readonly field: readonly { readonly name: string; readonly typeName: string }[];
  readonly nestedType: readonly { readonly name: string }[];
}

/** The fields of the messages of a method. */
export function messageFields(definitions: PackageDefinition, service: ServiceDefinition, method: string): Fields {
  const definition = service[method];
  if (definition === undefined) throw new Error(`bridge.proto has no ${method}`);
  const typeOf = (one: { readonly type: object }) => one.type as MessageType;
  return {
    request: pathsOf(definitions, typeOf(definition.requestType), '').sort(),
    response: pathsOf(definitions, typeOf(definition.responseType), '').sort(),
  };
}

function pathsOf(definitions: PackageDefinition, { field, nestedType }: MessageType, prefix: string): string[] {
  return field.flatMap(({ name, typeName }) => {
    const path = prefix + name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const short = typeName.split('.').at(-1) ?? '';
    // The entries of a map are a nested type.
    const isMap = nestedType.some((nested) => nested.name === short);
    const type = typeName === '' || isMap ? undefined : definitions[`reunite.bridge.v1.${short}`];
    return type && 'type' in type ? [path, ...pathsOf(definitions, type.type as MessageType, `${path}.`)] : [path];
  });
}

/** The fields of a request and of a successful response over HTTP. */
export function schemaFields(
  document: OpenAPIObject,
  { operation, method, path, params, query }: ExampleRequest,
): Fields {
  const schemas = document.components?.schemas as JsonSchemas;
  const item = document.paths[path] as unknown as Record<string, Operation>;
  const described = item[method.toLowerCase()];
  const [status = ''] = Object.keys(described?.responses ?? {}).filter((one) => one.startsWith('2'));
  const body = propertyPaths(described?.requestBody?.content['application/json']?.schema, schemas, '');
  const isNested = operation === 'ReplaceConnectionProfile';
  return {
    request: unique([...Object.keys(params), ...Object.keys(query), ...(isNested ? nestedIn('profile', body) : body)]),
    response: unique(propertyPaths(described?.responses?.[status]?.content?.['application/json']?.schema, schemas, '')),
  };
}

interface Body {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}
interface Operation {
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Partial<Body>>>;
}

function nestedIn(name: string, paths: readonly string[]): string[] {
  return [name, ...paths.map((path) => `${name}.${path}`)];
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}

function propertyPaths(schema: JsonSchema | undefined, schemas: JsonSchemas, prefix: string): string[] {
  if (schema === undefined) return [];
  if (schema.$ref !== undefined) return propertyPaths(schemas[schema.$ref.split('/').at(-1) ?? ''], schemas, prefix);
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [
    ...variants.flatMap((variant) => propertyPaths(variant, schemas, prefix)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
      prefix + name,
      ...propertyPaths(field, schemas, `${prefix}${name}.`),
    ]),
  ];
}
