import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { grpcControllers, httpControllers } from '../api.module.js';
import { ACTION } from './activity.interceptor.js';

interface Handler {
  readonly name: string;
  readonly changes: boolean;
  readonly action: string | undefined;
}

/** Signing out is recorded by no handler: it has no caller, and only ends what the caller began. */
const EXEMPT = ['SessionController.signOut'];

function handlersOf(controllers: readonly (abstract new (...args: never[]) => object)[]): Handler[] {
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
      const handler = (controller.prototype as Record<string, object>)[method];
      if (handler === undefined) return [];
      const http = Reflect.getMetadata('method', handler) as RequestMethod | undefined;
      const patterns = (Reflect.getMetadata('microservices:pattern', handler) ?? []) as { rpc?: string }[];
      const rpc = patterns.map((pattern) => pattern.rpc ?? '')[0];
      if (http === undefined && rpc === undefined) return [];
      const changes = rpc === undefined ? http !== RequestMethod.GET : !/^(?:Get(?!Manifest)|List)/.test(rpc);
      const action = Reflect.getMetadata(ACTION, handler) as string | undefined;
      return [{ name: `${controller.name}.${method}`, changes, action }];
    }),
  );
}

describe('the activity log', () => {
  const handlers = handlersOf([...httpControllers, ...grpcControllers]);

  it('sees the handlers of both protocols', () => {
    expect(handlers.length).toBeGreaterThan(80);
  });

  it('records every handler that changes something', () => {
    const missing = handlers.filter(({ changes, action }) => changes && action === undefined).map(({ name }) => name);
    expect(missing).toEqual(EXEMPT);
  });

  it('has the same actions over HTTP and gRPC, but for the callbacks of servers', () => {
    const actions = (protocol: boolean) =>
      new Set(handlers.filter(({ name }) => name.includes('Grpc') === protocol).map(({ action }) => action));
    const onlyHttp = [...actions(false)].filter((action) => !actions(true).has(action));
    expect(onlyHttp).toEqual(['connection.complete-setup', 'account.complete-sign-in']);
  });
});
