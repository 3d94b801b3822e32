import { isRecord } from '../syntax/values.rules.js';
import { FILES_KEY } from './bundle.rules.js';
import { placeBelow, type Place } from './places.rules.js';

/** Further ones are not listed. */
const MAX_REFERENCES = 10_000;

type Path = readonly string[];

/**
 * The paths of objects in data, e.g. in examples, that have a key `$ref`. Redoc takes them for references, so the
 * script of the page renames the keys before it starts Redoc.
 */
export function dataReferencesIn(bundled: unknown): Path[] {
  const references: Path[] = [];
  const path: string[] = [];
  const visit = (value: unknown, place: Place): void => {
    if (typeof value !== 'object' || value === null || references.length >= MAX_REFERENCES) return;
    if (place === 'data' && isRecord(value) && typeof value['$ref'] === 'string') references.push([...path]);
    for (const [key, child] of Object.entries(value)) {
      if (typeof child !== 'object' || child === null) continue;
      const isFiles = path.length === 0 && key === FILES_KEY;
      const below = Array.isArray(value) ? place : isFiles ? 'names' : placeBelow(place, key, child);
      path.push(key);
      visit(child, below);
      path.pop();
    }
  };
  visit(bundled, 'object');
  return references;
}
