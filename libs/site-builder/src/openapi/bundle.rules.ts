import { resolveReference } from '../links/links.rules.js';
import type { RewriteLink } from '../links/page-links.js';
import { rewriteSource } from '../markdown/rewrite-source.rules.js';
import type { WarningDetails } from '../problem.js';
import { isRecord } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { isForbiddenLink } from './link-keys.rules.js';
import { placeBelow, type Place } from './places.rules.js';
import { escapePointer, lookUp } from './references.rules.js';

/** Reads YAML or JSON below the root. Returns undefined if the file does not exist or cannot be parsed. */
export type ReadData = (path: string) => Promise<unknown>;

const FILES_KEY = 'x-files';
const MAX_FILES = 500;
const MAX_DEPTH = 1000;
const MAX_CHAIN = 20;

interface Target {
  readonly file: string;
  /** A JSON pointer; empty for the whole file. */
  readonly pointer: string;
}

/** The position of a value in the files. */
interface Position {
  readonly file: string;
  /** The key of the value in its object; for an item of a list, the key of the list. */
  readonly key: string;
  readonly place: Place;
  readonly depth: number;
}

const TOP = { key: '', place: 'object', depth: 0 } as const;

/**
 * Bundles a description into one value: referenced files below the root are embedded, cycles stay references, and links in
 * its Markdown lead into the site. A reference out of the root, or to nothing, is reported and replaced with an empty object.
 */
export async function bundleDescription(
  description: Description,
  path: string,
  read: ReadData,
  rewriter: (file: string) => RewriteLink,
): Promise<{ readonly bundled: Description; readonly warnings: readonly WarningDetails[] }> {
  const bundler = new Bundler(description, path, read, rewriter);
  return { bundled: await bundler.bundle(), warnings: bundler.warnings };
}

class Bundler {
  readonly warnings: WarningDetails[] = [];
  private readonly documents = new Map<string, unknown>();
  private readonly waiting: string[] = [];
  private readonly missing = new Set<string>();

  constructor(
    private readonly description: Description,
    private readonly path: string,
    private readonly read: ReadData,
    private readonly rewriter: (file: string) => RewriteLink,
  ) {
    this.documents.set(path, description);
  }

  async bundle(): Promise<Description> {
    const root = await this.copy(this.description, { ...TOP, file: this.path });
    const files: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let file = this.waiting.shift(); file !== undefined; file = this.waiting.shift()) {
      files[file] = await this.copy(this.documents.get(file), { ...TOP, file });
    }
    return { ...(root as Description), ...(Object.keys(files).length > 0 && { [FILES_KEY]: files }) };
  }

  private async copy(value: unknown, at: Position): Promise<unknown> {
    if (at.depth > MAX_DEPTH) return undefined;
    if (Array.isArray(value)) {
      const copies: unknown[] = [];
      for (const entry of value as unknown[]) copies.push(await this.copy(entry, { ...at, depth: at.depth + 1 }));
      return copies;
    }
    if (isRecord(value)) return this.copyObject(value, at);
    const isMarkdown = typeof value === 'string' && at.key === 'description' && at.place === 'object';
    return isMarkdown ? rewriteSource(value, this.rewriter(at.file)) : value;
  }

  private async copyObject(value: Record<string, unknown>, at: Position): Promise<unknown> {
    const { $ref, ...others } = value;
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, child] of Object.entries(typeof $ref === 'string' ? others : value)) {
      if (isForbiddenLink(child, key, at.key)) continue;
      const place = placeBelow(at.place, key, child);
      copy[key] = await this.copy(child, { file: at.file, key, place, depth: at.depth + 1 });
    }
    return typeof $ref === 'string' ? this.refer(copy, $ref, at.file) : copy;
  }

  private async refer(beside: Record<string, unknown>, ref: string, from: string): Promise<unknown> {
    const target = await this.resolve(ref, from);
    if (!target || !(await this.isResolvable(target))) return this.leaveOut(ref, from);
    const { file, pointer } = target;
    const prefix = file === this.path ? '' : `/${FILES_KEY}/${encodeURIComponent(escapePointer(file))}`;
    return { ...beside, $ref: `#${prefix}${pointer}` };
  }

  /** Follows references to references. False if they end nowhere or form a cycle. */
  private async isResolvable(start: Target): Promise<boolean> {
    let place: Target | undefined = start;
    for (let step = 0; place && step < MAX_CHAIN; step += 1) {
      const document = this.documents.get(place.file);
      const value = place.pointer === '' ? document : lookUp(document, `#${place.pointer}`);
      if (value === undefined) return false;
      const next: unknown = isRecord(value) ? value['$ref'] : undefined;
      if (typeof next !== 'string') return true;
      place = await this.resolve(next, place.file);
    }
    return false;
  }

  private async resolve(ref: string, from: string): Promise<Target | undefined> {
    const [file = '', pointer = ''] = ref.split('#', 2);
    const target = file === '' ? from : await this.load(file, from);
    return target === undefined ? undefined : { file: target, pointer };
  }

  private async load(written: string, from: string): Promise<string | undefined> {
    const reference = resolveReference(written, from);
    if (reference.kind !== 'path') return undefined;
    const { path } = reference;
    if (this.documents.has(path)) return path;
    if (this.missing.has(path) || this.documents.size >= MAX_FILES) return undefined;
    const document = await this.read(path);
    if (document === undefined) {
      this.missing.add(path);
      return undefined;
    }
    this.documents.set(path, document);
    this.waiting.push(path);
    return path;
  }

  private leaveOut(ref: string, file: string): Record<string, unknown> {
    const outside = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(ref);
    const message = outside
      ? `the reference ${JSON.stringify(ref.slice(0, 120))} leads to another host or file system and is not fetched`
      : `the reference ${JSON.stringify(ref.slice(0, 120))} cannot be resolved`;
    if (this.warnings.length < 100)
      this.warnings.push({
        code: outside ? 'reference-outside' : 'reference-missing',
        message,
        file,
        target: ref.slice(0, 120),
      });
    return { description: `Not available: \`${ref.slice(0, 200).replaceAll('`', '')}\`` };
  }
}
