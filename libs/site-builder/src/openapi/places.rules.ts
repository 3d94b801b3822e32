/** What a value of a description is: an object of the specification, a list of named ones, or an author's own data. */
export type Place = 'object' | 'names' | 'data';

const lists: ReadonlySet<string> = new Set([
  ...[
    'paths',
    'webhooks',
    'pathItems',
    'callbacks',
    'responses',
    'content',
    'headers',
    'links',
    'encoding',
    'variables',
  ],
  ...['schemas', 'definitions', '$defs', 'properties', 'patternProperties', 'dependentSchemas'],
  ...['parameters', 'requestBodies', 'securitySchemes', 'securityDefinitions', 'examples'],
]);
const dataKeys: ReadonlySet<string> = new Set(['example', 'default', 'const', 'enum', 'value']);

/** The place of the value at `key`: a property may be called `example`, and an example may have a `description`. */
export function placeBelow(place: Place, key: string, value: unknown): Place {
  if (place !== 'object') return place === 'names' ? 'object' : 'data';
  if (dataKeys.has(key) || (key === 'examples' && Array.isArray(value))) return 'data';
  return lists.has(key) && !Array.isArray(value) ? 'names' : 'object';
}
