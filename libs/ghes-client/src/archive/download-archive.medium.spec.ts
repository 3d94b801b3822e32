import type { LookupFunction } from 'node:net';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestBed, rejection } from '../../test/test-bed.js';
import { GhesForeignOriginError, GhesResponseTooLargeError } from '../errors/index.js';
import { downloadRepositoryArchive } from '../operations/index.js';

const bed = new TestBed();

afterEach(() => bed.close());

const main = { owner: 'acme', repo: 'docs', ref: 'main' };
const tar = Buffer.from('the files'.repeat(1000));
const gzip = gzipSync(tar);
const give = (response: ServerResponse, body: Buffer, type = 'application/x-gzip'): void =>
  void response.writeHead(200, { 'content-type': type }).end(body);

describe('downloadRepositoryArchive', () => {
  it('follows the redirect to the host itself, without the credential', async () => {
    const { origin, seen } = await bed.serve(({ url }, response) =>
      url.startsWith('/_codeload/')
        ? give(response, gzip)
        : response.writeHead(302, { location: '/_codeload/acme/docs/legacy.tar.gz/main?token=LINKTOKEN' }).end(),
    );
    expect((await downloadRepositoryArchive(bed.client(origin), main)).equals(tar)).toBe(true);
    expect(seen.map(({ url, headers }) => [url.split('?')[0], headers.authorization])).toEqual([
      ['/api/v3/repos/acme/docs/tarball/main', 'Bearer SECRET'],
      ['/_codeload/acme/docs/legacy.tar.gz/main', undefined],
    ]);
  });

  it('follows it to codeload. of the host', async () => {
    const lookup: LookupFunction = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const { port, seen } = await bed.serve(({ headers }, response) =>
      headers.host?.startsWith('codeload.') === true
        ? give(response, gzip)
        : response.writeHead(302, { location: `http://codeload.ghes.example:${port}/acme/docs?token=T` }).end(),
    );
    const client = bed.client(`http://ghes.example:${port}`, { network: bed.network({ lookup }) });
    expect((await downloadRepositoryArchive(client, main)).equals(tar)).toBe(true);
    expect(seen[1]?.headers.authorization).toBeUndefined();
  });

  it.each([
    'https://evil.example/_codeload/x?token=LINKTOKEN',
    'http://codeload.evil.example/x',
    'http://user@127.0.0.1/_codeload/x',
    '/login?return_to=x',
    '//evil.example/_codeload/x',
    '/_codeload/../api/v3/installation/token',
  ])('does not follow it to %s', async (location) => {
    const { origin, seen } = await bed.serve((_, response) => response.writeHead(302, { location }).end());
    const error = await rejection(downloadRepositoryArchive(bed.client(origin), main));
    expect(error).toBeInstanceOf(GhesForeignOriginError);
    expect(String(error)).not.toContain('LINKTOKEN');
    expect(seen).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    ['a page', (r) => give(r, Buffer.from('<html>'), 'text/html'), { reason: 'content-type' }],
    ['nothing', (r) => give(r, Buffer.alloc(0)), { reason: 'empty' }],
    ['an archive that ends early', (r) => give(r, gzip.subarray(0, 60)), { reason: 'damaged-archive' }],
    ['no archive at all', (r) => give(r, Buffer.from('not gzip')), { reason: 'damaged-archive' }],
    ['a link that has expired', (r) => void r.writeHead(404).end(), { code: 'ghes-not-found' }],
    [
      'another redirect',
      (r) => void r.writeHead(302, { location: '/x?token=LINKTOKEN' }).end(),
      { code: 'ghes-redirected' },
    ],
    [
      'a cut connection',
      (r) => void r.writeHead(200, { 'content-length': '9' }).write('x', () => r.destroy()),
      { code: 'ghes-unreachable' },
    ],
  ])('makes %s a clear error', async (_, answer, expected) => {
    const { origin } = await bed.serve(({ url }, response) =>
      url.startsWith('/_codeload/')
        ? answer(response)
        : response.writeHead(302, { location: '/_codeload/x?token=LINKTOKEN' }).end(),
    );
    const error = await rejection(downloadRepositoryArchive(bed.client(origin), main));
    expect(error).toMatchObject(expected);
    expect(String(error)).not.toContain('LINKTOKEN');
  });

  it('reads no more than allowed, packed or unpacked', async () => {
    const { origin } = await bed.serve(({ url }, response) =>
      url.startsWith('/_codeload/')
        ? give(response, gzip)
        : response.writeHead(302, { location: '/_codeload/x' }).end(),
    );
    const client = bed.client(origin);
    await expect(downloadRepositoryArchive(client, { ...main, maxArchiveBytes: 20 })).rejects.toThrow(
      GhesResponseTooLargeError,
    );
    await expect(downloadRepositoryArchive(client, { ...main, maxTarBytes: 100 })).rejects.toThrow(
      /unpacks to more than 100/,
    );
  });

  it('refuses an answer that is no redirect', async () => {
    const { origin } = await bed.serve((_, response) => give(response, gzip));
    await expect(downloadRepositoryArchive(bed.client(origin), main)).rejects.toMatchObject({ reason: 'protocol' });
  });
});
