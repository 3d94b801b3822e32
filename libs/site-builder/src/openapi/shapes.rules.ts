import { isRecord } from '../syntax/values.rules.js';

/** Keys of OpenAPI objects with text. */
const TEXTS: ReadonlySet<string> = new Set([
  ...['title', 'summary', 'description', 'operationId', 'termsOfService', 'url', 'email', 'name', 'in', 'version'],
  ...['host', 'basePath', 'openapi', 'swagger', 'propertyName', 'format', 'pattern', 'style', 'contentType', 'scheme'],
  ...['bearerFormat', 'authorizationUrl', 'tokenUrl', 'refreshUrl', 'openIdConnectUrl', 'flow', 'operationRef'],
]);
const LISTS: ReadonlySet<string> = new Set([
  ...['tags', 'servers', 'security', 'parameters', 'allOf', 'oneOf', 'anyOf', 'prefixItems', 'schemes', 'consumes'],
  ...['produces', 'x-tagGroups', 'x-codeSamples', 'x-code-samples', 'x-servers'],
]);
const RECORDS: ReadonlySet<string> = new Set([
  ...['info', 'paths', 'webhooks', 'components', 'responses', 'content', 'headers', 'properties', 'patternProperties'],
  ...[
    'schemas',
    'requestBodies',
    'securitySchemes',
    'securityDefinitions',
    'definitions',
    'links',
    'callbacks',
    'flows',
  ],
  ...['contact', 'license', 'externalDocs', 'requestBody', 'discriminator', 'mapping', 'scopes', 'encoding', 'xml'],
  ...[
    'variables',
    'get',
    'put',
    'post',
    'delete',
    'options',
    'head',
    'patch',
    'trace',
    'query',
    'implicit',
    'password',
  ],
  ...['clientCredentials', 'authorizationCode', 'schema', 'items', 'not', 'additionalProperties', 'pathItems'],
]);
/** Keys of a schema, which may also be `true` or `false`. */
const SCHEMAS: ReadonlySet<string> = new Set(['schema', 'items', 'not', 'additionalProperties']);
/** Data of the author, which may be null. */
const DATA: ReadonlySet<string> = new Set(['default', 'example', 'const', 'value']);
/** Lists of objects. Other entries are left out. */
const LISTS_OF_OBJECTS: ReadonlySet<string> = new Set([
  'servers',
  'parameters',
  'x-tagGroups',
  'security',
  'x-servers',
]);

/** A value as the renderer expects it, or undefined if the key must be left out: the renderer fails on other types. */
export interface Shaped {
  readonly value: unknown;
  /** True if the value was changed or left out. */
  readonly changed: boolean;
}

/**
 * Checks the type of a value in an OpenAPI object. The lint reports what is invalid; here it must only not break the
 * page.
 *
 * @param key in an object of the specification, not in a map of names or in data
 */
export function shaped(key: string, value: unknown): Shaped {
  if (value === null) return DATA.has(key) ? { value, changed: false } : { value: undefined, changed: true };
  if (TEXTS.has(key)) return shapedText(value);
  if (LISTS.has(key)) return shapedList(key, value);
  if (RECORDS.has(key) && !isRecord(value)) return shapedRecord(key, value);
  return { value, changed: false };
}

function shapedText(value: unknown): Shaped {
  if (typeof value === 'string' || isReference(value)) return { value, changed: false };
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  // A version such as `1.0` is a common number.
  return { value: text, changed: text === undefined };
}

function shapedList(key: string, value: unknown): Shaped {
  // `parameters` and `security` of `components` are maps in OpenAPI 3, and `parameters` in Swagger 2 too.
  if (isRecord(value)) return { value, changed: false };
  if (!Array.isArray(value)) return { value: undefined, changed: true };
  const list = value as unknown[];
  const onlyObjects = LISTS_OF_OBJECTS.has(key) || (key === 'tags' && list.some(isRecord));
  const valid = list.filter((entry) => (onlyObjects ? isRecord(entry) : entry !== null && entry !== undefined));
  return { value: valid, changed: valid.length < list.length };
}

function shapedRecord(key: string, value: unknown): Shaped {
  const isBooleanSchema = SCHEMAS.has(key) && typeof value === 'boolean';
  const isItemList = key === 'items' && Array.isArray(value);
  return isBooleanSchema || isItemList ? { value, changed: false } : { value: undefined, changed: true };
}

function isReference(value: unknown): boolean {
  return isRecord(value) && typeof value['$ref'] === 'string';
}
