import { resolveReference } from '../links/links.rules.js';
import type { RewriteLink } from '../links/page-links.js';
import { rewriteSource } from '../markdown/rewrite-source.rules.js';
import type { Remark } from '../problem.js';
import { isRecord } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { isForbiddenLink } from './link-keys.rules.js';
import { placeBelow, type Place } from './places.rules.js';
import { escapePointer, lookUp } from './references.rules.js';

/** Reads YAML or JSON of the same root; undefined if there is no such file, or it cannot be read. */
export type ReadData = (path: string) => Promise<unknown>;

const filesKey = 'x-files';
const maxFiles = 500;
const maxDepth = 1000;
const maxChain = 20;

interface Target {
  readonly file: string;
  /** A JSON pointer; empty for the whole file. */
  readonly pointer: string;
}

/** Where in the files a value stands. */
interface Position {
  readonly file: string;
  /** Of the value in its object; that of the list for what a list holds. */
  readonly key: string;
  readonly place: Place;
  readonly depth: number;
}

const top = { key: '', place: 'object', depth: 0 } as const;

/**
 * A description as one value: files of the root that it refers to become a part of it, circles stay references, links of
 * its Markdown lead into the site. What is
 * outside of the root or nowhere is not asked for: a remark says so, and an empty object takes its place.
 */
export async function bundleDescription(
  description: Description,
  path: string,
  read: ReadData,
  rewriter: (file: string) => RewriteLink,
): Promise<{ readonly bundled: Description; readonly remarks: readonly Remark[] }> {
  const bundler = new Bundler(description, path, read, rewriter);
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
    private readonly rewriter: (file: string) => RewriteLink,
  ) {
    this.#documents.set(path, description);
  }

  async bundle(): Promise<Description> {
    const root = await this.#copy(this.description, { ...top, file: this.path });
    const files: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      files[file] = await this.#copy(this.#documents.get(file), { ...top, file });
    }
    return { ...(root as Description), ...(Object.keys(files).length > 0 && { [filesKey]: files }) };
  }

  async #copy(value: unknown, at: Position): Promise<unknown> {
    if (at.depth > maxDepth) return undefined;
    if (Array.isArray(value)) {
      const copies: unknown[] = [];
      for (const entry of value as unknown[]) copies.push(await this.#copy(entry, { ...at, depth: at.depth + 1 }));
      return copies;
    }
    if (isRecord(value)) return this.#copyObject(value, at);
    const isMarkdown = typeof value === 'string' && at.key === 'description' && at.place === 'object';
    return isMarkdown ? rewriteSource(value, this.rewriter(at.file)) : value;
  }

  async #copyObject(value: Record<string, unknown>, at: Position): Promise<unknown> {
    const { $ref, ...others } = value;
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, child] of Object.entries(typeof $ref === 'string' ? others : value)) {
      if (isForbiddenLink(child, key, at.key)) continue;
      const place = placeBelow(at.place, key, child);
      copy[key] = await this.#copy(child, { file: at.file, key, place, depth: at.depth + 1 });
    }
    return typeof $ref === 'string' ? this.#refer(copy, $ref, at.file) : copy;
  }

  async #refer(beside: Record<string, unknown>, ref: string, from: string): Promise<unknown> {
    const target = await this.#resolve(ref, from);
    if (!target || !(await this.#leadsSomewhere(target))) return this.#leaveOut(ref, from);
    const { file, pointer } = target;
    const prefix = file === this.path ? '' : `/${filesKey}/${encodeURIComponent(escapePointer(file))}`;
    return { ...beside, $ref: `#${prefix}${pointer}` };
  }

  /** A reference may lead to a reference, but not in a circle of nothing but references. */
  async #leadsSomewhere(start: Target): Promise<boolean> {
    let place: Target | undefined = start;
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

  async #resolve(ref: string, from: string): Promise<Target | undefined> {
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
