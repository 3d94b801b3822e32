import type { OpenAPIObject } from '@nestjs/swagger';

/** A valid request of an operation, composed of the examples of the OpenAPI document. */
export interface ExampleRequest {
  /** Name of the operation, as in gRPC. */
  readonly operation: string;
  readonly method: string;
  /** With placeholders, such as `/v1/projects/{id}`. */
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: object }>> };
}

export function exampleRequests({ paths }: OpenAPIObject): ExampleRequest[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      operation: operation.operationId.charAt(0).toUpperCase() + operation.operationId.slice(1),
      method: method.toUpperCase(),
      path,
      params: examplesOf(operation, 'path'),
      query: examplesOf(operation, 'query'),
      body: (operation.requestBody?.content['application/json']?.example ?? null) as ExampleRequest['body'],
    })),
  );
}

function examplesOf({ parameters = [] }: Operation, place: string): Record<string, unknown> {
  const examples = parameters.filter((one) => one.in === place).map(({ name, example }) => [name, example]);
  return Object.fromEntries(examples) as Record<string, unknown>;
}

/** The message of the same request over gRPC. */
export function messageOf({ operation, params, query, body }: ExampleRequest): Record<string, unknown> {
  if (operation === 'ReplaceConnectionProfile') return { ...params, profile: body };
  if (operation === 'CreateUpload') return { ...params, size: 1, content: Buffer.from('x') };
  return { ...params, ...query, ...body, ...('number' in params && { number: Number(params['number']) }) };
}
