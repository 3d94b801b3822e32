import { RequestMethod } from '@nestjs/common';
import type { Access } from './auth/access.decorators.js';
import { ACCESS } from './auth/access.decorators.js';
import { ACTION } from './activity/activity.interceptor.js';
import { OPERATION } from './http/documented.js';

type ControllerClass = abstract new (...args: never[]) => object;

/** A handler of an operation, over one protocol. */
export interface OperationHandler {
  readonly protocol: 'http' | 'grpc';
  readonly controller: ControllerClass;
  readonly handler: string;
  /** Name of the operation, the same over both protocols; null for a callback, which a server's page redirects to. */
  readonly operation: string | null;
  /** HTTP method and path, such as `GET /v1/projects/{id}`; null over gRPC. */
  readonly route: string | null;
  /** gRPC service; null over HTTP. */
  readonly service: string | null;
  /** The role that a caller needs. */
  readonly access: Access;
  /** Name of the call in the activity log; null if it changes nothing. */
  readonly action: string | null;
  /** True if the request may change something. */
  readonly changes: boolean;
}

interface GrpcPattern {
  readonly service: string;
  readonly rpc: string;
}

/** Reads the handlers of controllers from their decorators. */
export function operationHandlers(controllers: readonly ControllerClass[]): OperationHandler[] {
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((name) => handlerOf(controller, name) ?? []),
  );
}

function handlerOf(controller: ControllerClass, name: string): OperationHandler | null {
  const handler = (controller.prototype as Record<string, object | undefined>)[name];
  if (handler === undefined) return null;
  const read = (key: string | symbol): unknown => Reflect.getMetadata(key, handler);
  const access = (read(ACCESS) ?? Reflect.getMetadata(ACCESS, controller) ?? 'read') as Access;
  const common = { controller, handler: name, access, action: (read(ACTION) as string | undefined) ?? null };
  const method = read('method') as RequestMethod | undefined;
  if (method !== undefined) {
    const operation = (read(OPERATION) as string | undefined) ?? null;
    const paths = [Reflect.getMetadata('path', controller), read('path')] as (string | undefined)[];
    const path = paths.filter((part) => part !== undefined && part !== '' && part !== '/').join('/');
    const route = `${RequestMethod[method]} /${path.replace(/:(\w+)/g, '{$1}')}`;
    return { ...common, protocol: 'http', operation, route, service: null, changes: method !== RequestMethod.GET };
  }
  const [pattern] = (read('microservices:pattern') ?? []) as GrpcPattern[];
  if (pattern === undefined) return null;
  const changes = !/^(?:Get(?!Manifest)|List)/.test(pattern.rpc);
  return { ...common, protocol: 'grpc', operation: pattern.rpc, route: null, service: pattern.service, changes };
}
