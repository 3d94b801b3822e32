import { lookUp, parseJson, parseYaml, resolveReference, SourceSyntaxError } from '@reunite/site-builder';
import type { ReadText } from './snapshot-resolver.js';

/** As the builder, which shows a description with so many files at most. */
const MAX_FILES = 500;
/** In characters, without the description itself. */
const MAX_LENGTH = 20_000_000;

interface Reference {
  readonly $ref?: unknown;
}

/** Parsed files of a snapshot by path, shared by the descriptions that refer to them. */
export type ParsedFiles = Map<string, { readonly root: unknown; readonly length: number }>;

/** A parsed description with all files of the snapshot that it refers to. */
export class LinkedDocuments {
  private readonly documents = new Map<string, unknown>();
  /** The file that an object is in. */
  private readonly fileOf = new Map<object, string>();
  private truncated = false;

  private constructor(
    private readonly read: ReadText,
    private readonly parsedFiles: ParsedFiles,
  ) {}

  static async load(path: string, root: unknown, read: ReadText, parsedFiles: ParsedFiles): Promise<LinkedDocuments> {
    const documents = new LinkedDocuments(read, parsedFiles);
    await documents.add(path, root);
    return documents;
  }

  /** True if files were left out because there are too many. */
  get isTruncated(): boolean {
    return this.truncated;
  }

  get roots(): readonly unknown[] {
    return [...this.documents.values()];
  }

  /** The target of a `$ref`, or undefined if there is none in the snapshot. */
  resolve(reference: Reference): unknown {
    const from = this.fileOf.get(reference);
    if (from === undefined || typeof reference.$ref !== 'string') return undefined;
    const [path = '', pointer = ''] = reference.$ref.split('#', 2);
    const file = path === '' ? from : fileIn(path, from);
    const document = file === null ? undefined : this.documents.get(file);
    return pointer === '' ? document : lookUp(document, `#${pointer}`);
  }

  /** Records the references of a document. Returns the files they lead to. */
  private register(file: string, root: unknown): string[] {
    const files = new Set<string>();
    const open: unknown[] = [root];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value !== 'object' || value === null || this.fileOf.has(value)) continue;
      this.fileOf.set(value, file);
      const { $ref } = value as Reference;
      const target = typeof $ref === 'string' ? fileIn($ref.split('#', 1)[0] ?? '', file) : null;
      if (target !== null) files.add(target);
      for (const child of Object.values(value)) open.push(child);
    }
    return [...files];
  }

  private async add(path: string, root: unknown): Promise<void> {
    this.documents.set(path, root);
    const waiting = this.register(path, root);
    let length = 0;
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (this.documents.has(file)) continue;
      const parsed = await this.parse(file);
      length += parsed.length;
      this.truncated ||= this.documents.size >= MAX_FILES || length > MAX_LENGTH;
      if (this.truncated) return;
      this.documents.set(file, parsed.root);
      waiting.push(...this.register(file, parsed.root));
    }
  }

  /** Files that cannot be parsed are left to Redocly, which reports them. */
  private async parse(file: string): Promise<{ readonly root: unknown; readonly length: number }> {
    const cached = this.parsedFiles.get(file);
    if (cached) return cached;
    const text = await this.read(file);
    const parsed = { root: text === undefined ? undefined : parse(file, text), length: text?.length ?? 0 };
    this.parsedFiles.set(file, parsed);
    return parsed;
  }
}

function parse(file: string, text: string): unknown {
  try {
    return file.toLowerCase().endsWith('.json') ? parseJson(text) : parseYaml(text);
  } catch (error) {
    if (error instanceof SourceSyntaxError) return undefined;
    throw error;
  }
}

function fileIn(path: string, from: string): string | null {
  if (path === '') return null;
  const reference = resolveReference(path, from);
  return reference.kind === 'path' ? reference.path : null;
}
