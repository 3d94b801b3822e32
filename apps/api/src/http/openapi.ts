import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemSchema } from '@reunite/contracts';
import { z } from 'zod';

/**
 * The OpenAPI 3.1 document, from the schemas that validate. Nest's own conversion produces 3.0, which
 * writes null differently; zod generates JSON Schema 2020-12, which 3.1 includes unchanged.
 */
export function openApiDocument(app: NestFastifyApplication, publicUrl: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Reunite GHES bridge')
    .setDescription('Connects GitHub Enterprise Servers, and shows what is synced, built and delivered.')
    .setVersion('1')
    .setLicense('Proprietary', `${publicUrl}/`)
    .addServer(publicUrl)
    .addBearerAuth()
    .addCookieAuth('session', { type: 'apiKey', in: 'cookie', name: 'session' }, 'session')
    .addGlobalResponse({ status: 'default', description: 'Error', ...problemContent })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) => convert(schema, schemaType),
  });
  const problem = convert(problemSchema, 'output')?.components;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...problem } };
  return document;
}

const problemContent = {
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function convert(schema: unknown, io: 'input' | 'output') {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $schema, $defs, ...converted } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return { schema: converted, components: ($defs ?? {}) as Record<string, never> };
}
