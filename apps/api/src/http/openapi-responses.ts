import { STATUS_CODES } from 'node:http';
import { ERROR_CODES } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { ERROR_TEXTS } from '@reunite/contracts/error-texts';
import { errorPage } from './problem.js';

/** Codes that only webhook-ingest answers, or that only a log has. */
const OTHER_CODES: readonly ErrorCode[] = [
  ...(['method-not-allowed', 'invalid-headers', 'invalid-signature', 'unknown-connection', 'malformed-json'] as const),
  ...(['malformed-delivery', 'unavailable', 'overloaded', 'failed', 'inbox-unavailable'] as const),
  ...(['bad-configuration', 'invalid-cidr', 'local-stack-cannot-run', 'unsupported-queue-url'] as const),
  ...(['unsupported-storage-url', 'missing-job-handler'] as const),
];

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  400: 'The request is invalid',
  401: 'The caller is not authenticated',
  403: 'The caller may not do this',
  404: 'The object does not exist in the organization of the caller',
  408: 'The body did not arrive in time',
  409: 'The state of the object does not allow this',
  412: 'The object changed after it was read',
  413: 'The body is too large',
  415: 'The content type is not accepted',
  428: 'The header `If-Match` is missing',
  429: 'Too many requests',
  default: 'An error of the bridge, of the server or of the network between them',
};

const RETRY_AFTER = {
  description: 'Seconds after which the request may be sent again',
  schema: { type: 'integer', examples: [30] },
  example: 30,
};

/** The used part of an operation of the document. */
export interface DocumentedOperation {
  readonly operationId?: string;
  readonly requestBody?: unknown;
  readonly parameters?: readonly { readonly in?: string; readonly name?: string }[];
  readonly responses?: Record<string, unknown>;
}

/**
 * The responses for errors, with an example of each code.
 *
 * @param used names of responses that operations refer to
 */
export function errorResponses(publicUrl: string, used: ReadonlySet<string>): Record<string, object> {
  const responses = Object.entries(DESCRIPTIONS).map(([status, description]): [string, object] => [
    `Error${status === 'default' ? '' : status}`,
    {
      description,
      ...((status === '429' || status === 'default') && { headers: { 'Retry-After': RETRY_AFTER } }),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: examplesOf(status, publicUrl),
        },
      },
    },
  ]);
  return Object.fromEntries(responses.filter(([name]) => used.has(name)));
}

function examplesOf(status: string, publicUrl: string): object {
  const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => {
    const { http } = ERROR_CODES[code];
    return !OTHER_CODES.includes(code) && (status === 'default' ? http >= 500 : String(http) === status);
  });
  return Object.fromEntries(codes.map((code) => [code, { summary: code, value: exampleOf(code, publicUrl) }]));
}

function exampleOf(code: ErrorCode, publicUrl: string): object {
  const { http: status } = ERROR_CODES[code];
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: errorPage(code, publicUrl), title, status, code, detail: ERROR_TEXTS[code].cause };
}

/** References to the responses for the errors that an operation can have. */
export function errorsOf(method: string, path: string, operation: DocumentedOperation): Record<string, object> {
  const { parameters = [], requestBody } = operation;
  const hasHeader = (name: string) => parameters.some((one) => one.in === 'header' && one.name === name);
  const statuses = [
    ...(parameters.length > 0 || requestBody !== undefined ? ['400'] : []),
    ...(path.startsWith('/v1/') ? ['401'] : []),
    '403',
    ...(path.includes('{') ? ['404'] : []),
    ...(path.endsWith('/uploads') ? ['408'] : []),
    ...(method === 'get' ? [] : ['409']),
    ...(hasHeader('If-Match') ? ['412'] : []),
    ...(requestBody === undefined ? [] : ['413', '415']),
    ...(hasHeader('If-Match') && method === 'put' ? ['428'] : []),
    '429',
  ];
  const references = statuses.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]);
  return {
    ...(Object.fromEntries(references) as Record<string, object>),
    default: { $ref: '#/components/responses/Error' },
  };
}
