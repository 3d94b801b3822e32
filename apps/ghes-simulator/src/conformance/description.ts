import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { documentId, mapValues, toJsonSchema, type SchemaNode } from './json-schema.js';

/** The parts of an OpenAPI document that are read here. */
export interface OpenApiDocument {
  readonly paths?: Record<string, Record<string, OperationNode>>;
  readonly webhooks?: Record<string, { post: OperationNode }>;
  readonly components: Record<'schemas' | 'parameters' | 'responses', Record<string, SchemaNode>>;
}

export interface ParameterNode {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: SchemaNode;
}

interface MediaNode {
  readonly schema?: SchemaNode;
}

export interface ResponseNode {
  readonly content?: Record<string, MediaNode>;
}

export interface OperationNode {
  readonly operationId: string;
  readonly parameters?: (ParameterNode | { $ref: string })[];
  readonly requestBody?: { required?: boolean; content: Record<string, MediaNode> };
  readonly responses: Record<string, ResponseNode | { $ref: string }>;
}

const require = createRequire(import.meta.url);

/** Where the packages are; looked for when the first check is made. */
const packages = {
  rest: () => require.resolve('@octokit/openapi/package.json'),
  webhooks: () => require.resolve('@octokit/openapi-webhooks/package.json'),
};

/** The releases that the packages describe; an older or newer server is held against the nearest one. */
const described = [17, 18, 19];

export function describedRelease(version: string): string {
  const minor = Number(version.split('.')[1]);
  return `ghes-3.${Math.min(Math.max(minor, described[0] ?? minor), described.at(-1) ?? minor)}`;
}

/** One published description. Schemas are compiled when they are first needed: a whole document takes minutes. */
export class Description {
  private readonly validators = new Map<unknown, ValidateFunction>();
  private readonly ajv = new Ajv({
    strict: false,
    allErrors: true,
    logger: false,
    validateSchema: false,
    inlineRefs: false,
  });
  private readonly coercing = new Ajv({
    strict: false,
    allErrors: true,
    logger: false,
    coerceTypes: 'array',
    inlineRefs: false,
  });

  private constructor(readonly document: OpenApiDocument) {
    const schemas = mapValues(document.components.schemas, toJsonSchema);
    for (const ajv of [this.ajv, this.coercing]) {
      addFormats.default(ajv);
      // `docs[bot]@users.noreply.host` and `noreply@localhost` are addresses to GHES.
      ajv.addFormat('email', /^\S+@\S+$/);
      ajv.addSchema({ $id: documentId, components: { schemas } });
    }
  }

  static load(from: keyof typeof packages, release: string): Description {
    const file = join(dirname(packages[from]()), 'generated', `${release}.json`);
    return new Description(JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument);
  }

  /** Follows a reference to a parameter or response of the document. */
  resolve<T extends object>(node: T | { $ref: string }): T {
    if (!('$ref' in node)) return node;
    const [, , kind, name] = node.$ref.split('/');
    const found = this.document.components[kind as 'parameters'][name ?? ''];
    if (!found) throw new Error(`The description has no ${node.$ref}.`);
    return found as T;
  }

  /** @returns what is wrong with the value, in words; nothing when it conforms. */
  faults(schema: SchemaNode, value: unknown): string[] {
    return this.check(this.ajv, schema, value);
  }

  /** For values that arrive as text (parameters): `"7"` is a number where one is wanted. */
  textFaults(schema: SchemaNode, value: string | string[]): string[] {
    return this.check(this.coercing, { type: 'object', properties: { value: schema } }, { value }, schema);
  }

  private check(ajv: Ajv, schema: SchemaNode, value: unknown, key: unknown = schema): string[] {
    let validate = this.validators.get(key);
    if (!validate) {
      validate = ajv.compile(toJsonSchema(schema) as SchemaNode);
      this.validators.set(key, validate);
    }
    return validate(value) ? [] : [...new Set((validate.errors ?? []).map(inWords))].slice(0, mostFaults);
  }
}

/** An `anyOf` that fits nothing complains about every branch; the first complaints say enough. */
const mostFaults = 12;

function inWords({ instancePath, message, params }: ErrorObject): string {
  const detail = 'allowedValues' in params ? ` (${(params['allowedValues'] as unknown[]).join(', ')})` : '';
  return `${instancePath === '' ? '/' : instancePath} ${message ?? 'is wrong'}${detail}`;
}
