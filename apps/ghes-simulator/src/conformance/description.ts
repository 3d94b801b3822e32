import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { DOCUMENT_ID, mapValues, toJsonSchema, type SchemaNode } from './json-schema.js';

/** The parts of an OpenAPI document that the checks need. */
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

/** Locations of the packages, resolved when the first check is made. */
const packages = {
  rest: () => require.resolve('@octokit/openapi/package.json'),
  webhooks: () => require.resolve('@octokit/openapi-webhooks/package.json'),
};

/** Minor versions that the packages describe. */
const OLDEST_DESCRIBED = 17;
const NEWEST_DESCRIBED = 19;

/**
 * The description that a version is checked against: its own, the oldest one for versions before it, and for versions after
 * the newest one that of GitHub Enterprise Cloud, which is the public preview of the next releases.
 */
export function describedRelease(version: string): string {
  const minor = Number(version.split('.')[1]);
  return minor > NEWEST_DESCRIBED ? 'ghec' : `ghes-3.${Math.max(minor, OLDEST_DESCRIBED)}`;
}

/** A published description. Schemas are compiled on first use, because a whole document takes minutes. */
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
      // GHES sends addresses such as `docs[bot]@users.noreply.host` and `noreply@localhost`.
      ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/);
      ajv.addSchema({ $id: DOCUMENT_ID, components: { schemas } });
    }
  }

  static load(from: keyof typeof packages, release: string): Description {
    const file = join(dirname(packages[from]()), 'generated', `${release}.json`);
    return new Description(JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument);
  }

  /** Resolves a reference to a parameter or response of the document. */
  resolve<T extends object>(node: T | { $ref: string }): T {
    if (!('$ref' in node)) return node;
    const [, , kind, name] = node.$ref.split('/');
    const target = this.document.components[kind as 'parameters'][name ?? ''];
    if (!target) throw new Error(`The description has no ${node.$ref}.`);
    return target as T;
  }

  /** @returns descriptions of the violations; empty if the value conforms */
  faults(schema: SchemaNode, value: unknown): string[] {
    return this.check(this.ajv, schema, value);
  }

  /** Like {@link faults}, for parameters, which arrive as text: `"7"` is valid where a number is required. */
  textFaults(schema: SchemaNode, value: string | string[]): string[] {
    return this.check(this.coercing, { type: 'object', properties: { value: schema } }, { value }, schema);
  }

  private check(ajv: Ajv, schema: SchemaNode, value: unknown, key: unknown = schema): string[] {
    let validate = this.validators.get(key);
    if (!validate) {
      validate = ajv.compile(toJsonSchema(schema) as SchemaNode);
      this.validators.set(key, validate);
    }
    return validate(value) ? [] : [...new Set((validate.errors ?? []).map(inWords))].slice(0, MOST_FAULTS);
  }
}

/** A value that matches no branch of an `anyOf` yields violations for every branch; the first ones suffice. */
const MOST_FAULTS = 12;

function inWords({ instancePath, message, params }: ErrorObject): string {
  const detail = 'allowedValues' in params ? ` (${(params['allowedValues'] as unknown[]).join(', ')})` : '';
  return `${instancePath === '' ? '/' : instancePath} ${message ?? 'is wrong'}${detail}`;
}
