import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, TestServers } from '../../test/test-servers.js';
import type { LocalServer, RecordedRequest } from '../../test/test-servers.js';
import { GhesForeignOriginError } from '../errors/foreign-origin.error.js';
import { GhesMalformedResponseError, GhesNotFoundError, GhesRedirectedError } from '../errors/index.js';
import { isOnSubdomain } from '../network/subdomain.rules.js';
import { locateLfsObjects, readLfsObject } from './lfs-objects.js';
import type { LfsLocation, LfsServer } from './lfs-objects.js';

const servers = new TestServers();
afterEach(() => servers.close());

const oid = 'a'.repeat(64);

async function start(answer: (request: RecordedRequest, response: ServerResponse) => void) {
  const server = await servers.serve(answer);
  const network = servers.network({ gatewayHeader: { name: 'x-gateway', value: 'GATEWAY' } });
  const lfs: LfsServer = {
    ...{ origin: server.origin, network, owner: 'acme', repo: 'docs' },
    token: () => Promise.resolve('SECRET'),
  };
  return { server, lfs };
}

/** The location that a server's answer leads to. @param objectOf returns the answer for the object */
async function locate(objectOf: (server: LocalServer) => object): Promise<LfsLocation | undefined> {
  const { lfs } = await start((_request, response) =>
    json(response, { objects: [{ oid, size: 1, ...objectOf(server) }] }),
  );
  const server = { origin: lfs.origin } as LocalServer;
  return (await locateLfsObjects(lfs, [{ oid, size: 1 }])).get(oid);
}

const at = (href: string, header: object = {}) => ({ actions: { download: { href, header } } });
const read = async (content: AsyncIterable<Buffer>) => {
  let text = '';
  for await (const chunk of content) text += String(chunk);
  return text;
};

describe('objects of Git LFS', () => {
  it('are located with the token, and read with the authorization of the answer', async () => {
    const { server, lfs } = await start(({ method, url }, response) => {
      if (method === 'GET') response.end(`content of ${url}`);
      else
        json(response, {
          objects: [{ oid, size: 1, ...at(`${lfs.origin}/storage/1?token=x`, { Authorization: 'RemoteAuth y' }) }],
        });
    });
    const location = (await locateLfsObjects(lfs, [{ oid, size: 1 }])).get(oid);
    if (!location || 'reason' in location) throw new Error(location?.reason);
    expect(await readLfsObject(lfs, location, read)).toBe('content of /storage/1?token=x');
    const [batch, download] = server.requests;
    expect(batch).toMatchObject({
      url: '/acme/docs.git/info/lfs/objects/batch',
      headers: {
        accept: 'application/vnd.git-lfs+json',
        authorization: `Basic ${Buffer.from('x-access-token:SECRET').toString('base64')}`,
      },
    });
    expect(JSON.parse(batch!.body)).toMatchObject({ operation: 'download', objects: [{ oid, size: 1 }] });
    expect(download?.headers.authorization).toBe('RemoteAuth y');
  });

  it('have a reason if the server lacks them, or does not answer for them', async () => {
    expect(await locate(() => ({ error: { code: 404, message: 'no' } }))).toEqual({
      reason: 'the server does not have it',
    });
    expect(await locate(() => ({ error: { code: 410, message: 'gone' } }))).toEqual({
      reason: 'the server answered 410 gone',
    });
    expect(await locate(() => ({ oid: 'b'.repeat(64) }))).toEqual({
      reason: 'the server does not offer it for download',
    });
  });

  it('are not found on a server without Git LFS', async () => {
    const { lfs } = await start((_request, response) => json(response, { message: 'Not Found' }, 404));
    await expect(locateLfsObjects(lfs, [{ oid, size: 1 }])).rejects.toThrow(GhesNotFoundError);
  });

  it.each([
    'https://elsewhere.example/x',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1/x',
    'file:///etc/passwd',
    '/relative',
    '',
  ])('attack: are not read from %j', async (href) => {
    expect(await locate(() => at(href))).toEqual({
      reason: expect.stringContaining('which is not on the host of the connection'),
    });
  });

  it('attack: are not read with a user in the address, or with a header that splits the request', async () => {
    expect(await locate(({ origin }) => at(origin.replace('//', '//user:password@')))).toHaveProperty('reason');
    const split = await locate(({ origin }) => at(`${origin}/x`, { authorization: 'a\r\nhost: evil' }));
    expect(split).toEqual({ reason: 'its location has an invalid header' });
  });

  it('attack: get no other header of the answer', async () => {
    const { server, lfs } = await start((_request, response) => response.end('x'));
    const location = await locate(() => at(`${lfs.origin}/x`, { Host: 'evil', 'X-Forwarded-For': '127.0.0.1' }));
    expect(location).toHaveProperty('reason'); // another server's port
    await readLfsObject(lfs, { url: new URL(`${lfs.origin}/x`), authorization: undefined }, read);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(server.requests[0]?.headers).not.toHaveProperty('x-forwarded-for');
  });

  it('attack: are not read from where a server redirects to', async () => {
    const { lfs, server } = await start((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/metadata' }).end(),
    );
    const location = { url: new URL(`${lfs.origin}/x?token=SECRET`), authorization: undefined };
    const failure = readLfsObject(lfs, location, read);
    await expect(failure).rejects.toThrow(GhesRedirectedError);
    await expect(failure).rejects.not.toThrow('SECRET');
    expect(server.requests).toHaveLength(1);
  });

  it('attack: are not read from a location that was not checked', async () => {
    const { lfs } = await start((_request, response) => response.end('x'));
    const location = { url: new URL('http://127.0.0.1:1/x'), authorization: undefined };
    await expect(readLfsObject(lfs, location, read)).rejects.toThrow(GhesForeignOriginError);
  });

  it('attack: an answer of another shape is rejected', async () => {
    const { lfs } = await start((_request, response) => json(response, { objects: [{ oid, actions: 'x' }] }));
    await expect(locateLfsObjects(lfs, [{ oid, size: 1 }])).rejects.toThrow(GhesMalformedResponseError);
  });
});

describe('a subdomain', () => {
  it.each([
    ['https://media.ghes.example/x', true],
    ['https://media.ghes.example:8443/x', true],
    ['http://media.ghes.example/x', false],
    ['https://evilghes.example/x', false],
    ['https://ghes.example.evil/x', false],
    ['https://ghes.example/x', false],
  ])('of https://ghes.example has %s: %s', (url, expected) => {
    expect(isOnSubdomain(new URL(url), 'https://ghes.example')).toBe(expected);
  });
});
