import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { grpcControllers, httpControllers } from './api.module.js';
import { operationsOfApi } from './http/api-document.js';
import { operationHandlers } from './operations.js';

/** Operations that gRPC does not have: a stream for browsers, and the end of a browser's session. */
const HTTP_ONLY = ['GetSignInAddress', 'ListenToEvents', 'SignOut'];

describe('the operations of the API', () => {
  const http = operationHandlers(httpControllers);
  const grpc = operationHandlers(grpcControllers);
  const names = (handlers: typeof http) => handlers.flatMap(({ operation }) => operation ?? []).sort();

  it('are the same over HTTP and gRPC', () => {
    expect(names(http).filter((name) => !HTTP_ONLY.includes(name))).toEqual(names(grpc));
    expect(operationsOfApi().length).toBe(names(http).length);
  });

  it('have a name over HTTP, except for the redirects of servers', () => {
    const unnamed = http.filter(({ operation }) => operation === null).map(({ controller }) => controller.name);
    expect([...new Set(unnamed)]).toEqual(['CallbacksController']);
  });

  it.each(names(grpc))('need the same role and are recorded alike over both: %s', (name) => {
    const [over, other] = [http, grpc].map((handlers) => handlers.find(({ operation }) => operation === name));
    expect([over?.access, over?.action]).toEqual([other?.access, other?.action]);
  });
});
