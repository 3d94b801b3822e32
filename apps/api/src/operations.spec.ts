import 'reflect-metadata';
import { loadSync } from '@grpc/proto-loader';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { bridgeProtoPath, PROTO_LOADER_OPTIONS } from '@reunite/contracts';
import { exampleRequests } from '../test/example-requests.js';
import type { ExampleRequest } from '../test/example-requests.js';
import { messageFields, schemaFields } from '../test/message-fields.js';
import { recordedCalls } from '../test/recorded-calls.js';
import { grpcControllers, httpControllers } from './api.module.js';
import { describeApi, operationsOfApi } from './http/api-document.js';
import { operationHandlers } from './operations.js';

/**
 * Operations that gRPC does not have, because they are for browsers: the page to sign in, a stream of events, a download, and
 * the end of a session with its cookie.
 */
const HTTP_ONLY = ['DownloadArchive', 'GetSignInAddress', 'ListenToEvents', 'SignOut'];

/** The bytes of an upload are a body over HTTP and a stream of messages over gRPC. */
const STREAMED = ['CreateUpload'];

describe('the operations of the API', () => {
  const http = operationHandlers(httpControllers);
  const grpc = operationHandlers(grpcControllers);
  const definitions = loadSync(bridgeProtoPath, PROTO_LOADER_OPTIONS);
  const names = (handlers: typeof http) => handlers.flatMap(({ operation }) => operation ?? []).sort();
  let document: OpenAPIObject;
  let requests: ReadonlyMap<string, ExampleRequest>;

  beforeAll(async () => {
    document = await describeApi('https://reunite.test');
    requests = new Map(exampleRequests(document).map((request) => [request.operation, request]));
  });

  it('are the same over HTTP and gRPC', () => {
    expect(names(http).filter((name) => !HTTP_ONLY.includes(name))).toEqual(names(grpc));
    expect(operationsOfApi().length).toBe(names(http).length);
    expect([...requests.keys()].sort()).toEqual(names(http));
  });

  it('accept an Idempotency-Key if they create something', () => {
    const operations = Object.values(document.paths).flatMap(({ post }) => post ?? []);
    const creating = operations.filter(({ responses }) => '201' in responses);
    const unprotected = creating.filter(
      ({ parameters = [] }) => !parameters.some((one) => 'name' in one && one.name === 'Idempotency-Key'),
    );
    // An upload that is sent again only stores its bytes twice, until they expire.
    expect(unprotected.map(({ operationId }) => operationId)).toEqual(['createUpload']);
    expect(creating.length).toBeGreaterThan(5);
  });

  it('have a name over HTTP, except for the redirects of servers', () => {
    const unnamed = http.filter(({ operation }) => operation === null).map(({ controller }) => controller.name);
    expect([...new Set(unnamed)]).toEqual(['CallbacksController']);
  });

  describe.each(names(grpc))('%s', (name) => {
    const [over, other] = [http, grpc].map((handlers) => handlers.find(({ operation }) => operation === name));

    it('needs the same role over both protocols and is recorded alike', () => {
      expect([over?.access, over?.action]).toEqual([other?.access, other?.action]);
    });

    it('has the same fields over both protocols', () => {
      const service = definitions[`reunite.bridge.v1.${other?.service ?? ''}`] as never;
      const { request, response } = messageFields(definitions, service, name);
      const schemas = schemaFields(document, requests.get(name) as ExampleRequest);
      if (!STREAMED.includes(name)) expect(request).toEqual(schemas.request);
      expect(response).toEqual(schemas.response);
    });

    if (!STREAMED.includes(name)) {
      it('calls the same method of the application with the same arguments', async () => {
        const request = requests.get(name) as ExampleRequest;
        const calls = await recordedCalls(over as never, request);
        expect(calls).toHaveLength(1);
        expect(await recordedCalls(other as never, request)).toEqual(calls);
      });
    }
  });
});
