import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestServers } from '../../test/test-servers.js';
import type { LocalServer, RecordedRequest } from '../../test/test-servers.js';
import {
  GhesMalformedResponseError,
  GhesNotFoundError,
  GhesRateLimitedError,
  GhesRedirectedError,
  GhesResponseTooLargeError,
  GhesValidationError,
} from '../errors/index.js';
import type { GitUploadPackRequest } from './git-upload-pack.js';
import { gitUploadPack } from './git-upload-pack.js';

const servers = new TestServers();

afterEach(() => servers.close());

const resultType = { 'content-type': 'application/x-git-upload-pack-result' };
const flush = Buffer.from('0000');

async function start(
  answer: (request: RecordedRequest, response: ServerResponse) => void,
): Promise<{ server: LocalServer; fetch: (change?: Partial<GitUploadPackRequest>) => Promise<Buffer> }> {
  const server = await servers.serve(answer);
  const network = servers.network({ limits: { maxRefsBytes: 1000 } });
  const request = { origin: server.origin, network, owner: 'acme', repo: 'docs', body: '0000' };
  const token = (): Promise<string> => Promise.resolve('SECRET');
  return { server, fetch: (change) => gitUploadPack({ ...request, token, ...change }) };
}

describe('gitUploadPack', () => {
  it('sends one protocol v2 request with the token, and returns the bytes of the response', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0]);
    const { server, fetch } = await start((_, response) => response.writeHead(200, resultType).end(bytes));
    expect((await fetch({ body: Buffer.from('0014command=ls-refs\n0000') })).equals(bytes)).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/acme/docs.git/git-upload-pack',
      body: '0014command=ls-refs\n0000',
      headers: {
        'git-protocol': 'version=2',
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
        authorization: `Basic ${Buffer.from('x-access-token:SECRET').toString('base64')}`,
      },
    });
  });

  it('encodes names, so that they cannot change the path', async () => {
    const { server, fetch } = await start((_, response) => response.writeHead(200, resultType).end(flush));
    await expect(fetch({ owner: '..' })).rejects.toThrow(GhesValidationError);
    await fetch({ owner: 'a/b', repo: 'c?d#e' });
    expect(server.requests.map(({ url }) => url)).toEqual(['/a%2Fb/c%3Fd%23e.git/git-upload-pack']);
  });

  it.each([
    [404, 'Repository not found.', GhesNotFoundError],
    [429, 'slow down', GhesRateLimitedError],
    [302, '', GhesRedirectedError],
  ])('maps status %i like the API', async (status, text, type) => {
    const { server, fetch } = await start((_, response) =>
      response.writeHead(status, { location: 'https://login.example.com/' }).end(text),
    );
    await expect(fetch()).rejects.toThrow(type);
    expect(server.requests).toHaveLength(1);
  });

  it('refreshes the token once after a 401', async () => {
    const fresh = `Basic ${Buffer.from('x-access-token:FRESH').toString('base64')}`;
    const { server, fetch } = await start(({ headers }, response) =>
      headers.authorization === fresh ? response.writeHead(200, resultType).end(flush) : response.writeHead(401).end(),
    );
    expect(await fetch({ refresh: () => Promise.resolve('FRESH') })).toEqual(flush);
    expect(server.requests).toHaveLength(2);
  });

  it('retries after a 502, because the request changes nothing', async () => {
    const statuses = [502, 503, 200];
    const { fetch } = await start((_, response) => response.writeHead(statuses.shift() ?? 500, resultType).end(flush));
    expect(await fetch()).toEqual(flush);
  });

  it('rejects a page, an empty response and a list of refs that is too long', async () => {
    const page = await start((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(page.fetch()).rejects.toThrow(GhesMalformedResponseError);
    const empty = await start((_, response) => response.writeHead(200, resultType).end());
    await expect(empty.fetch()).rejects.toThrow(GhesMalformedResponseError);
    const large = await start((_, response) => response.writeHead(200, resultType).end(Buffer.alloc(2000)));
    await expect(large.fetch({ command: 'ls-refs' })).rejects.toThrow(GhesResponseTooLargeError);
    expect(await large.fetch()).toHaveLength(2000);
  });
});
