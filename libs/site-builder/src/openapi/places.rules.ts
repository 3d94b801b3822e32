/** The role of a value in a description: an object of the specification, a map of named ones, or data of the author. */
export type Place = 'object' | 'names' | 'data';

const MAPS: ReadonlySet<string> = new Set([
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
  'schemas',
  'definitions',
  '$defs',
  'properties',
  'patternProperties',
  'dependentSchemas',
  'parameters',
  'requestBodies',
  'securitySchemes',
  'securityDefinitions',
  'examples',
]);
const DATA_KEYS: ReadonlySet<string> = new Set(['example', 'default', 'const', 'enum', 'value']);

/** The role of the value at `key`: a property may be named `example`, and an example may contain a `description`. */
export function placeBelow(place: Place, key: string, value: unknown): Place {
  if (place !== 'object') return place === 'names' ? 'object' : 'data';
  if (DATA_KEYS.has(key) || (key === 'examples' && Array.isArray(value))) return 'data';
  return MAPS.has(key) && !Array.isArray(value) ? 'names' : 'object';
}
