import type { OpenApiDocument, OperationNode } from './description.js';

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly node: OperationNode;
  /** Values of the path's parameters, decoded. */
  readonly parameters: Record<string, string>;
}

interface Template {
  readonly path: string;
  readonly pattern: RegExp;
  readonly names: string[];
  readonly literals: number;
  readonly methods: Record<string, OperationNode>;
}

/** Parameters whose values contain slashes. */
const MANY_SEGMENTS = new Set(['path', 'ref', 'branch', 'basehead', 'dir']);

/** Finds the documented operation behind a request's method and path. */
export class Operations {
  private readonly templates: Template[];

  constructor(document: OpenApiDocument) {
    this.templates = Object.entries(document.paths ?? {})
      .map(([path, methods]) => template(path, methods))
      .sort((left, right) => right.literals - left.literals);
  }

  find(method: string, path: string): Operation | undefined {
    for (const { path: documented, pattern, names, methods } of this.templates) {
      const match = pattern.exec(path);
      const node = methods[method.toLowerCase()];
      if (!match || !node) continue;
      const values = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')] as const);
      return { method, path: documented, node, parameters: Object.fromEntries(values) };
    }
    return undefined;
  }
}

function template(path: string, methods: Record<string, OperationNode>): Template {
  const parts = path.split(/(\{\w+\})/);
  const names = parts.filter((part) => part.startsWith('{')).map((part) => part.slice(1, -1));
  const pattern = parts.map((part) =>
    part.startsWith('{')
      ? MANY_SEGMENTS.has(part.slice(1, -1))
        ? '(.+?)'
        : '([^/]+?)'
      : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'),
  );
  const literals = path.split('/').filter((segment) => !segment.includes('{')).length;
  return { path, names, literals, methods, pattern: new RegExp(`^${pattern.join('')}/?$`) };
}
