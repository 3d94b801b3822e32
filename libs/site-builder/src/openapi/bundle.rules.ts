import { resolveReference } from '../links/links.rules.js';
import type { RewriteLink } from '../links/page-links.js';
import { rewriteSource } from '../markdown/rewrite-source.rules.js';
import type { WarningDetails } from '../problem.js';
import { isRecord, listOf, recordOf } from '../syntax/values.rules.js';
import { splitFrontMatter } from '../syntax/front-matter.rules.js';
import { anchorsOf } from './anchors.rules.js';
import type { Description } from './detect.rules.js';
import { isForbiddenLink } from './link-keys.rules.js';
import { placeBelow, type Place } from './places.rules.js';
import { escapePointer, lookUp } from './references.rules.js';
import { shaped } from './shapes.rules.js';

/** Reads files below the root. Returns undefined if the file does not exist or cannot be parsed. */
export interface ReadFiles {
  /** Parses YAML or JSON. */
  readonly data: (path: string) => Promise<unknown>;
  readonly text: (path: string) => Promise<string | undefined>;
}

/** Holds the referenced files, by name. */
export const FILES_KEY = 'x-files';
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

const NO_ANCHORS: ReadonlyMap<string, string> = new Map();

/** Redoc would show a schema in a file twice: under its name in the mapping, and under the name of the file. */
function limitToMapping(schema: Record<string, unknown>, discriminator: Record<string, unknown>): void {
  const targets = new Set(Object.values(recordOf(discriminator['mapping'])));
  const variants = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])].map((variant) => recordOf(variant)['$ref']);
  if (variants.length > 0 && variants.every((variant) => targets.has(variant)))
    discriminator['x-explicitMappingOnly'] = true;
}

const TOP = { key: '', place: 'object', depth: 0 } as const;

/**
 * Bundles a description into one value: referenced files below the root are embedded, cycles stay references, and links
 * in its Markdown lead into the site. A reference out of the root, or to nothing, is reported and replaced with an
 * empty object.
 */
export async function bundleDescription(
  description: Description,
  path: string,
  read: ReadFiles,
  rewriter: (file: string) => RewriteLink,
): Promise<{
  readonly bundled: Description;
  readonly warnings: readonly WarningDetails[];
}> {
  const bundler = new Bundler(description, path, read, rewriter);
  return { bundled: await bundler.bundle(), warnings: bundler.warnings };
}

class Bundler {
  readonly warnings: WarningDetails[] = [];
  private readonly documents = new Map<string, unknown>();
  private readonly waiting: string[] = [];
  private readonly missing = new Set<string>();
  private readonly anchors = new Map<string, ReadonlyMap<string, string>>();
  private readonly keys = new Map<string, string>();
  private readonly used = new Set<string>();
  private skipped = 0;

  constructor(
    private readonly description: Description,
    private readonly path: string,
    private readonly read: ReadFiles,
    private readonly rewriter: (file: string) => RewriteLink,
  ) {
    this.documents.set(path, description);
  }

  async bundle(): Promise<Description> {
    const root = await this.copy(this.description, { ...TOP, file: this.path });
    const files: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let file = this.waiting.shift(); file !== undefined; file = this.waiting.shift()) {
      files[this.keyOf(file)] = await this.copy(this.documents.get(file), { ...TOP, file });
    }
    return {
      ...(root as Description),
      ...(Object.keys(files).length > 0 && { [FILES_KEY]: files }),
    };
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
    // In data, e.g. in an example, `$ref` is a key like any other.
    const $ref = at.place === 'data' ? undefined : (value['$ref'] ?? value['$dynamicRef']);
    const isReference = typeof $ref === 'string';
    if (isReference && at.key === 'description') return this.includeText($ref, at.file);
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [key, written] of Object.entries(value)) {
      if (isForbiddenLink(written, key, at.key) || (isReference && (key === '$ref' || key === '$dynamicRef'))) continue;
      const child = at.place === 'object' ? this.shape(key, written, at.file) : written;
      if (child === undefined) continue;
      const place = placeBelow(at.place, key, child);
      copy[key] = await this.copy(child, {
        file: at.file,
        key,
        place,
        depth: at.depth + 1,
      });
    }
    if (at.place === 'object' && at.key === 'discriminator') await this.resolveMapping(copy, at.file);
    if (at.place === 'object' && isRecord(copy['discriminator'])) limitToMapping(copy, copy['discriminator']);
    return isReference ? this.refer(copy, $ref, at.file) : copy;
  }

  private shape(key: string, written: unknown, file: string): unknown {
    const { value, changed } = shaped(key, written);
    if (!changed) return value;
    this.skipped += 1;
    if (this.skipped === 1) {
      const message = `the value of ${JSON.stringify(key)} has a type that OpenAPI does not allow; it is left out`;
      this.warnings.push({ code: 'openapi-value-skipped', message, file });
    }
    return value;
  }

  /** Markdown from another file: `description: { $ref: intro.md }`, an extension of Redocly. */
  private async includeText(ref: string, from: string): Promise<string> {
    const reference = resolveReference(ref, from);
    const text = reference.kind === 'path' && !ref.includes('#') ? await this.read.text(reference.path) : undefined;
    if (text === undefined || reference.kind !== 'path') return String(this.leaveOut(ref, from)['description']);
    const { body } = splitFrontMatter(text);
    return rewriteSource(body, this.rewriter(reference.path));
  }

  /**
   * The values of a mapping are names of schemas or references:
   * https://spec.openapis.org/oas/v3.1.0#discriminator-object
   */
  private async resolveMapping(discriminator: Record<string, unknown>, file: string): Promise<void> {
    const { mapping } = discriminator;
    if (!isRecord(mapping)) return;
    for (const [value, written] of Object.entries(mapping)) {
      const name = typeof written === 'string' ? `#/components/schemas/${escapePointer(written)}` : undefined;
      const isName = name !== undefined && lookUp(this.description, name) !== undefined;
      const target =
        typeof written !== 'string'
          ? undefined
          : await this.refer({}, isName ? name : written, isName ? this.path : file);
      if (isRecord(target) && typeof target['$ref'] === 'string') mapping[value] = target['$ref'];
      else Reflect.deleteProperty(mapping, value);
    }
  }

  private async refer(beside: Record<string, unknown>, ref: string, from: string): Promise<unknown> {
    const target = await this.resolve(ref, from);
    if (!target || !(await this.isResolvable(target))) return this.leaveOut(ref, from);
    const { file, pointer } = target;
    const prefix = file === this.path ? '' : `/${FILES_KEY}/${encodeURIComponent(escapePointer(this.keyOf(file)))}`;
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

  /** The name of the file, unique in the bundle. Without slashes, which Redoc does not find in a mapping if escaped. */
  private keyOf(file: string): string {
    const existing = this.keys.get(file);
    if (existing !== undefined) return existing;
    const name = file.slice(file.lastIndexOf('/') + 1);
    let key = name;
    for (let count = 2; this.used.has(key); count += 1) key = `${name} (${count})`;
    this.used.add(key);
    this.keys.set(file, key);
    return key;
  }

  private async resolve(ref: string, from: string): Promise<Target | undefined> {
    const named = this.anchorsIn(from, ref).get(ref);
    if (named !== undefined) return { file: from, pointer: named };
    const [file = '', pointer = ''] = ref.split('#', 2);
    const target = file === '' ? from : await this.load(file, from);
    if (target === undefined) return undefined;
    return {
      file: target,
      pointer: this.anchorsIn(target, `#${pointer}`).get(`#${pointer}`) ?? pointer,
    };
  }

  /** Pointers and paths are no names, so that most documents are not searched. */
  private anchorsIn(file: string, ref: string): ReadonlyMap<string, string> {
    if (ref === '#' || ref.startsWith('#/') || !/^#|^[a-z][a-z0-9+.-]*:/i.test(ref)) return NO_ANCHORS;
    const anchors = this.anchors.get(file) ?? anchorsOf(this.documents.get(file));
    this.anchors.set(file, anchors);
    return anchors;
  }

  private async load(written: string, from: string): Promise<string | undefined> {
    const reference = resolveReference(written, from);
    if (reference.kind !== 'path') return undefined;
    const { path } = reference;
    if (this.documents.has(path)) return path;
    if (this.missing.has(path) || this.documents.size >= MAX_FILES) return undefined;
    const document = await this.read.data(path);
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
    return {
      description: `Not available: \`${ref.slice(0, 200).replaceAll('`', '')}\``,
    };
  }
}
