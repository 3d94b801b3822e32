import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemSchema } from '@reunite/contracts';
import { z } from 'zod';
import { exampleOf, restoreExamples } from './openapi-examples.js';
import type { JsonSchema, JsonSchemas } from './openapi-examples.js';
import { errorResponses, errorsOf } from './openapi-responses.js';
import type { DocumentedOperation } from './openapi-responses.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const TAGS: Readonly<Record<string, string>> = {
  Session: 'The caller and its session.',
  Connections:
    'GitHub Enterprise Servers that are connected by a GitHub App, their credentials and webhook deliveries.',
  Accounts: 'The account of the caller on a server. With one, changes are made in the name of the user.',
  Repositories: 'Repositories that the installations of an app can access.',
  Projects: 'Sites that are built from a folder of a repository.',
  'Commits and branches': 'Changes to the repository of a project.',
  'Pull requests': 'Pull requests of the repository of a project.',
  Deployments: 'Builds of commits, and their publication.',
  Activity: 'Records of who changed what.',
  'Live events': 'A stream of events about changed objects.',
};

const DESCRIPTION = `Connects GitHub Enterprise Servers to Reunite, and shows what is synced, built and delivered.

Requests are authenticated by a token (\`Authorization: Bearer …\`) or by the session cookie of the console. Errors are
problem details (RFC 9457) whose \`code\` is stable. Lists have pages: send \`endCursor\` as \`after\` to get the next one, and
\`startCursor\` as \`before\` to get the previous one. A repeated creation with the same \`Idempotency-Key\` returns the first
response. The response header \`X-Request-Id\` names the request in the log of the bridge. The same operations exist over
gRPC, with the same names.`;

/**
 * The OpenAPI 3.1 document, from the schemas that validate. Nest's own conversion produces 3.0, which
 * writes null differently; zod generates JSON Schema 2020-12, which 3.1 includes unchanged.
 */
export function openApiDocument(app: NestFastifyApplication, publicUrl: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Reunite GHES bridge')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Proprietary', `${publicUrl}/`)
    .addServer(publicUrl, 'The bridge')
    .addBearerAuth()
    .addCookieAuth('session', { type: 'apiKey', in: 'cookie', name: 'session' }, 'session')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('session');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    standardSchemaConverter: (schema, { schemaType }) => convert(schema, schemaType),
  });
  const problem = convert(problemSchema, 'output')?.components;
  const schemas = { ...document.components?.schemas, ...problem };
  // Probes of orchestrators are no operations of the API.
  document.paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => !/^\/(?:health|ready)z$/.test(path)),
  );
  Object.values(schemas).forEach(restoreExamples);
  completeOperations(document, schemas as JsonSchemas);
  const references = JSON.stringify(document.paths).matchAll(/"#\/components\/responses\/(\w+)"/g);
  const used = new Set([...references].map(([, name]) => name ?? ''));
  const responses = errorResponses(publicUrl, used) as Record<string, never>;
  document.components = { ...document.components, schemas, responses };
  return document;
}

/** Adds examples and the responses for errors. */
function completeOperations(document: OpenAPIObject, schemas: JsonSchemas): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as DocumentedOperation | undefined;
      if (operation === undefined) continue;
      for (const parameter of operation.parameters ?? []) addExample(parameter, schemas);
      for (const content of [operation.requestBody, ...Object.values(operation.responses ?? {})].flatMap(contentsOf)) {
        addExample(content, schemas);
      }
      Object.assign(operation.responses ?? {}, errorsOf(method, path, operation));
    }
  }
}

function contentsOf(body: unknown): object[] {
  const { content = {} } = (body ?? {}) as { readonly content?: Readonly<Record<string, object>> };
  return Object.entries(content).flatMap(([type, value]) => (type === 'application/json' ? [value] : []));
}

function addExample(target: object, schemas: JsonSchemas): void {
  if (!('schema' in target) || 'example' in target) return;
  restoreExamples(target.schema);
  const example = exampleOf(target.schema as JsonSchema, schemas);
  if (example !== undefined) Object.assign(target, { example });
}

function convert(schema: unknown, io: 'input' | 'output') {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $schema, $defs, ...converted } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return { schema: converted, components: ($defs ?? {}) as Record<string, never> };
}
