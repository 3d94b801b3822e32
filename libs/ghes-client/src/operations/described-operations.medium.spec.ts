import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describedAnswers } from '../../test/described-answers.js';
import { json, TestServers } from '../../test/test-servers.js';
import type { LocalServer } from '../../test/test-servers.js';
import { operationCalls } from '../../test/operation-calls.js';
import type { GhesClient } from '../client.js';
import { getMeta } from './index.js';
import { routes } from './routes.js';

async function drain(result: unknown): Promise<unknown[]> {
  const value: unknown = await result;
  if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) return [value];
  const list: unknown[] = [];
  for await (const item of value as AsyncIterable<unknown>) list.push(item);
  return list;
}

/** The releases that npm has descriptions of, and the public preview of the next ones. */
const descriptions = [
  ['ghes-3.17', '3.17.0'],
  ['ghes-3.18', '3.18.0'],
  ['ghes-3.19', '3.19.0'],
  ['ghec', '3.22.0'],
] as const;

describe.each(descriptions)('operations by the description %s', (release, version) => {
  const answerOf = describedAnswers(release);
  const servers = new TestServers();
  let server: LocalServer;
  let client: GhesClient;
  let route = '';

  beforeAll(async () => {
    server = await servers.serve(({ url }, response) => {
      if (url.startsWith('/_codeload/')) {
        response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(gzipSync('tar'));
        return;
      }
      const { status, body } = answerOf(route);
      if (status === 302) response.writeHead(302, { location: '/_codeload/x?token=T' }).end();
      else if (body === undefined) response.writeHead(status).end();
      else json(response, body, status, { 'x-github-enterprise-version': version });
    });
    client = servers.client(server.origin, { auth: { type: 'user', token: () => Promise.resolve('t') } });
    route = routes.getMeta;
    await getMeta(client);
  });

  afterAll(() => servers.close());

  it.each(Object.entries(operationCalls))(
    '%s sends the described request and reads the described response',
    async (name, call) => {
      const [run, line, body] = call;
      route = routes[name as keyof typeof routes];
      server.requests.length = 0;
      const results = await drain(run(client));
      expect(results.length).toBeGreaterThan(0);
      const [request] = server.requests;
      expect(`${request?.method} ${request?.url}`).toBe(`${route.split(' ')[0]} /api/v3${line}`);
      expect(request?.body === '' ? undefined : JSON.parse(request?.body ?? '')).toEqual(body);
    },
  );
});
