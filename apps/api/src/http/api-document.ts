import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiModule, grpcControllers, httpControllers } from '../api.module.js';
import type { CallerAdmission } from '../auth/caller-admission.js';
import type { Access } from '../auth/access.decorators.js';
import { operationHandlers } from '../operations.js';
import type { ApiResources } from '../resources.js';
import type { ApiSettings } from '../settings.js';
import { openApiDocument } from './openapi.js';

/** The OpenAPI document, without a database or a server: Nest reads the modules and creates no provider. */
export async function describeApi(publicUrl: string): Promise<OpenAPIObject> {
  const settings = { publicUrl, previewUrlTemplate: publicUrl } as ApiSettings;
  const module = ApiModule.register(settings, { producer: {} } as ApiResources, {} as CallerAdmission);
  const options = { preview: true, logger: false, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), options);
  return openApiDocument(app, publicUrl);
}

/** An operation of the API, over HTTP or gRPC or both. */
export interface DescribedOperation {
  readonly operation: string;
  /** Method and path over HTTP; null if it exists over gRPC only. */
  readonly route: string | null;
  /** Service over gRPC; null if it exists over HTTP only. */
  readonly service: string | null;
  readonly access: Access;
}

/** All operations, by tag and name of the OpenAPI document. */
export function operationsOfApi(): DescribedOperation[] {
  const handlers = operationHandlers([...httpControllers, ...grpcControllers]);
  const byName = new Map<string, DescribedOperation>();
  for (const { operation, route, service, access } of handlers) {
    if (operation === null) continue;
    const existing = byName.get(operation);
    byName.set(operation, {
      operation,
      access,
      route: existing?.route ?? route,
      service: existing?.service ?? service,
    });
  }
  return [...byName.values()].sort((a, b) => (a.service ?? '').localeCompare(b.service ?? ''));
}
