import { isRecord } from './values.rules.js';

const MERGE_KEY = '<<';

/**
 * Applies YAML merge keys: `<<: *base` adds the keys of `base` that the mapping does not have itself. Not the option of
 * the library: without a limit on the merged keys, mappings that merge each other take quadratic time.
 *
 * @param limit of merged keys in all mappings
 * @returns false if there are more
 * @see https://yaml.org/type/merge.html
 */
export function applyMergeKeys(root: unknown, limit: number): boolean {
  const merger = new Merger(limit);
  merger.visit(root);
  return merger.isWithinLimit;
}

class Merger {
  private readonly visited = new Set<object>();

  constructor(private left: number) {}

  get isWithinLimit(): boolean {
    return this.left >= 0;
  }

  /** Children first, in the order of the file: an alias refers to an earlier mapping, whose keys are merged already. */
  visit(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.visited.has(value) || this.left < 0) return;
    this.visited.add(value);
    for (const child of Object.values(value) as unknown[]) this.visit(child);
    if (isRecord(value) && Object.hasOwn(value, MERGE_KEY)) this.merge(value);
  }

  private merge(value: Record<string, unknown>): void {
    const sources = sourcesOf(value[MERGE_KEY]);
    if (sources === undefined) return;
    const own = Object.entries(value);
    const names = new Set(own.map(([key]) => key));
    for (const name of names) Reflect.deleteProperty(value, name);
    for (const [key, child] of own) {
      if (key !== MERGE_KEY) setOwn(value, key, child);
      else for (const source of sources) this.addMissing(value, source, names);
    }
  }

  private addMissing(value: Record<string, unknown>, source: Record<string, unknown>, names: Set<string>): void {
    for (const [key, child] of Object.entries(source)) {
      this.left -= 1;
      if (this.left < 0) return;
      if (names.has(key) || key === MERGE_KEY) continue;
      names.add(key);
      setOwn(value, key, child);
    }
  }
}

/** Returns undefined if the value is neither a mapping nor a list of mappings: then the key has no special meaning. */
function sourcesOf(value: unknown): readonly Record<string, unknown>[] | undefined {
  if (isRecord(value)) return [value];
  return Array.isArray(value) && value.every(isRecord) ? value : undefined;
}

function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
