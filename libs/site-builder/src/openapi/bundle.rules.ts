import { resolveReference } from '../links/links.rules.js';
import type { Remark } from '../problem.js';
import { isRecord } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { isRefusedLink } from './link-keys.rules.js';
import { escapePointer, lookUp } from './references.rules.js';

/** Reads YAML or JSON of the same root; undefined if there is no such file, or it cannot be read. */
export type ReadData = (path: string) => Promise<unknown>;

const filesKey = 'x-files';
const maxFiles = 500;
const maxDepth = 1000;
const maxChain = 20;

interface Place {
  readonly file: string;
  /** A JSON pointer; empty for the whole file. */
  readonly pointer: string;
}

/** Where in the files a value stands. */
interface Position {
  readonly file: string;
  /** Of the value in its object; that of the list for what a list holds. */
  readonly key: string;
  readonly depth: number;
}

/**
 * A description as one value: files of the root that it refers to become a part of it, circles stay references. What is
 * outside of the root or nowhere is not asked for: a remark says so, and an empty object takes its place.
 */
export async function bundleDescription(
  description: Description,
  path: string,
  read: ReadData,
): Promise<{ readonly bundled: Description; readonly remarks: readonly Remark[] }> {
  const bundler = new Bundler(description, path, read);
  return { bundled: await bundler.bundle(), remarks: bundler.remarks };
}

class Bundler {
  readonly remarks: Remark[] = [];
  readonly #documents = new Map<string, unknown>();
  readonly #waiting: string[] = [];
  readonly #missing = new Set<string>();

  constructor(
    private readonly description: Description,
    private readonly path: string,
    private readonly read: ReadData,
  ) {
    this.#documents.set(path, description);
  }

  async bundle(): Promise<Description> {
    const root = await this.#copy(this.description, { file: this.path, key: '', depth: 0 });
    const files: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      files[file] = await this.#copy(this.#documents.get(file), { file, key: '', depth: 0 });
    }
    return { ...(root as Description), ...(Object.keys(files).length > 0 && { [filesKey]: files }) };
  }

  async #copy(value: unknown, at: Position): Promise<unknown> {
    if (at.depth > maxDepth) return undefined;
    const below = { ...at, depth: at.depth + 1 };
    if (Array.isArray(value)) {
      const copies: unknown[] = [];
      for (const entry of value as unknown[]) copies.push(await this.#copy(entry, below));
      return copies;
    }
    if (!isRecord(value)) return value;
    if (typeof value['$ref'] === 'string') return this.#refer(value, value['$ref'], at.file);
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, child] of Object.entries(value))
      if (!isRefusedLink(child, key, at.key)) copy[key] = await this.#copy(child, { ...below, key });
    return copy;
  }

  async #refer(value: Record<string, unknown>, ref: string, from: string): Promise<unknown> {
    const place = await this.#resolve(ref, from);
    if (!place || !(await this.#leadsSomewhere(place))) return this.#leaveOut(ref, from);
    const { file, pointer } = place;
    const prefix = file === this.path ? '' : `/${filesKey}/${encodeURIComponent(escapePointer(file))}`;
    return { ...value, $ref: `#${prefix}${pointer}` };
  }

  /** A reference may lead to a reference, but not in a circle of nothing but references. */
  async #leadsSomewhere(start: Place): Promise<boolean> {
    let place: Place | undefined = start;
    for (let step = 0; place && step < maxChain; step += 1) {
      const document = this.#documents.get(place.file);
      const value = place.pointer === '' ? document : lookUp(document, `#${place.pointer}`);
      if (value === undefined) return false;
      const next: unknown = isRecord(value) ? value['$ref'] : undefined;
      if (typeof next !== 'string') return true;
      place = await this.#resolve(next, place.file);
    }
    return false;
  }

  async #resolve(ref: string, from: string): Promise<Place | undefined> {
    const [file = '', pointer = ''] = ref.split('#', 2);
    const target = file === '' ? from : await this.#load(file, from);
    return target === undefined ? undefined : { file: target, pointer };
  }

  async #load(written: string, from: string): Promise<string | undefined> {
    const reference = resolveReference(written, from);
    if (reference.kind !== 'path') return undefined;
    const { path } = reference;
    if (this.#documents.has(path)) return path;
    if (this.#missing.has(path) || this.#documents.size >= maxFiles) return undefined;
    const document = await this.read(path);
    if (document === undefined) {
      this.#missing.add(path);
      return undefined;
    }
    this.#documents.set(path, document);
    this.#waiting.push(path);
    return path;
  }

  #leaveOut(ref: string, file: string): Record<string, unknown> {
    const outside = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(ref);
    const message = outside
      ? `the reference ${JSON.stringify(ref.slice(0, 120))} leads outside and is not fetched`
      : `the reference ${JSON.stringify(ref.slice(0, 120))} leads nowhere`;
    if (this.remarks.length < 100)
      this.remarks.push({
        code: outside ? 'reference-outside' : 'reference-missing',
        message,
        file,
        target: ref.slice(0, 120),
      });
    return { description: `Not available: \`${ref.slice(0, 200).replaceAll('`', '')}\`` };
  }
}
