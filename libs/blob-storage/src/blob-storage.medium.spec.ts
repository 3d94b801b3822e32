import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startTracing, tracingSettings } from '@reunite/telemetry';
import { S3Server, TraceReceiver } from '@reunite/testing';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { BlobStorage } from './blob-storage.js';
import { openBlobStorage } from './open-blob-storage.js';

let server: S3Server;
let folder: string;

beforeAll(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.environment);
});
afterAll(() => server.stop());
beforeEach(() => {
  server.clear();
  folder = mkdtempSync(join(tmpdir(), 'blob-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* chunksOf(...chunks: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

async function collect(stream: AsyncIterable<unknown> | null): Promise<string | null> {
  if (stream === null) return null;
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe.each([
  ['a folder', () => pathToFileURL(join(folder, 'store')).href],
  ['a bucket', () => server.url('some/prefix')],
])('the storage in %s', (_kind, url) => {
  let sut: BlobStorage;
  beforeEach(() => {
    sut = openBlobStorage(url());
  });
  afterEach(() => sut.close());

  it('returns blobs, ranges and streams of what was written', async () => {
    await sut.write('a/one', Buffer.from('0123456789'));
    await sut.write('a/two', chunksOf('01', '234'));
    await sut.write('a/empty', Buffer.alloc(0));
    expect([await sut.read('a/one'), await sut.read('a/two'), await sut.read('a/empty')].map(String)).toEqual([
      '0123456789',
      '01234',
      '',
    ]);
    const range = async (offset: number, length: number) => (await sut.readRange('a/one', offset, length))?.toString();
    expect([await range(2, 3), await range(8, 10), await range(10, 1), await range(3, 0)]).toEqual([
      '234',
      '89',
      '',
      '',
    ]);
    expect(await collect(await sut.stream('a/one', 2, 3))).toBe('234');
    expect(await collect(await sut.stream('a/one', 5, 0))).toBe('');
    expect(await sut.head('a/one')).toMatchObject({ name: 'one', bytes: 10 });
  });

  it('returns null for what does not exist', async () => {
    await sut.write('a/one', Buffer.from('1'));
    for (const path of ['b', 'a', 'a/two', 'a/one/two', 'b/c']) {
      expect([await sut.head(path), path === 'a' ? null : await sut.read(path)]).toEqual([null, null]);
    }
    expect(await sut.readRange('b', 0, 1)).toBeNull();
    expect(await sut.readRange('b', 0, 0)).toBeNull();
    expect(await sut.stream('b', 0, 1)).toBeNull();
    expect(await sut.stream('b', 0, 0)).toBeNull();
    expect([await sut.list('b'), await sut.folders('b')]).toEqual([[], []]);
    await sut.remove('b');
    await sut.removeFolder('b');
  });

  it('replaces a blob, and changes its version', async () => {
    await sut.write('a/one', Buffer.from('1'));
    const before = await sut.head('a/one');
    await sut.write('a/one', Buffer.from('22'));
    const [listed] = await sut.list('a');
    expect(listed?.version).not.toBe(before?.version);
    expect(listed).toEqual(await sut.head('a/one'));
    expect(Math.abs(Date.now() - (listed?.modified.getTime() ?? 0))).toBeLessThan(60_000);
  });

  it('lists the blobs and folders directly in a folder', async () => {
    for (const path of ['a/one', 'a/two', 'a/b/three', 'c/d/four']) await sut.write(path, Buffer.from(path));
    expect((await sut.list('a')).map(({ name }) => name).sort()).toEqual(['one', 'two']);
    expect([(await sut.folders()).sort(), await sut.folders('a')]).toEqual([['a', 'c'], ['b']]);
  });

  it('creates a blob once, also for concurrent calls', async () => {
    const other = openBlobStorage(url());
    const contents = Array.from({ length: 8 }, (_, i) => Buffer.from(`writer ${i}`));
    const created = await Promise.all(contents.map((content, i) => (i % 2 ? sut : other).create('a/once', content)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await sut.read('a/once')).toEqual(contents[created.indexOf(true)]);
    expect(await sut.create('a/once', Buffer.from('late'))).toBe(false);
    await other.close();
  });

  it('stores a local file', async () => {
    const file = join(folder, 'local');
    writeFileSync(file, 'content');
    await sut.writeFile('a/file', file);
    expect((await sut.read('a/file'))?.toString()).toBe('content');
  });

  it('attack: stores no file that a symbolic link names', async () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync(join(folder, 'secret'), join(folder, 'link'));
    await expect(sut.writeFile('a/file', join(folder, 'link'))).rejects.toMatchObject({ code: 'ELOOP' });
    expect(await sut.read('a/file')).toBeNull();
  });

  it('removes blobs and folders', async () => {
    for (const path of ['a/one', 'a/b/two', 'ab/three']) await sut.write(path, Buffer.from(path));
    await sut.remove('a/one');
    expect(await sut.read('a/one')).toBeNull();
    await sut.removeFolder('a');
    expect([await sut.folders(), await sut.read('a/b/two')]).toEqual([['ab'], null]);
  });

  it('leaves the blob unchanged if the source of a write fails', async () => {
    await sut.write('a/one', Buffer.from('before'));
    const failing = async function* () {
      yield Buffer.alloc(1024);
      await Promise.reject(new RangeError('rejected pack'));
    };
    await expect(sut.write('a/one', failing())).rejects.toThrow('rejected pack');
    expect((await sut.read('a/one'))?.toString()).toBe('before');
    expect(server.openUploads()).toEqual([]);
  });
});

describe('a folder', () => {
  it('is free of partial writes of processes that died', async () => {
    const storage = openBlobStorage(pathToFileURL(folder));
    await storage.write('a/one', Buffer.from('1'));
    for (const name of ['old', 'young']) writeFileSync(join(folder, '.tmp', name), 'half');
    utimesSync(join(folder, '.tmp/old'), 0, 0);
    await storage.removeLeftovers(new Date(Date.now() - 60_000));
    expect(readdirSync(join(folder, '.tmp'))).toEqual(['young']);
    await storage.close();
  });
});

describe('a bucket', () => {
  const open = (options?: Readonly<Record<string, string>>) => openBlobStorage(server.url('some/prefix', options));

  it('has all keys below the prefix, which may be empty', async () => {
    const storages = [open(), openBlobStorage(server.url(''))];
    for (const storage of storages) await storage.write('a/one', Buffer.from('1'));
    expect(server.keys()).toEqual(['a/one', 'some/prefix/a/one']);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it('uploads large content in parts, and aborts uploads of processes that died', async () => {
    const storage = open();
    const chunk = Buffer.alloc(9 * 1024 ** 2, 'x');
    await storage.write('a/large', chunksOf(chunk, chunk, chunk, 'end'));
    expect(server.get('some/prefix/a/large')?.length).toBe(3 * chunk.length + 3);
    await fetch(`${server.endpoint}/test-bucket/some/prefix/a/dead?uploads`, {
      method: 'POST',
      headers: { authorization: 'Credential=test-access-key/', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    await storage.removeLeftovers(new Date(Date.now() - 60_000));
    expect(server.openUploads()).toHaveLength(1);
    await storage.removeLeftovers(new Date(Date.now() + 60_000));
    expect(server.openUploads()).toEqual([]);
    await storage.close();
  });

  it('lists and removes more objects than one answer has', async () => {
    const storage = open();
    const limit = pLimit(20);
    const names = Array.from({ length: 1_050 }, (_, i) => `many/${i}`);
    await Promise.all(names.map((name) => limit(() => storage.write(name, Buffer.from('1')))));
    expect(await storage.list('many')).toHaveLength(1_050);
    await storage.removeFolder('many');
    expect(server.keys()).toEqual([]);
    await storage.close();
  });

  it('requests server-side encryption if the URL asks for it', async () => {
    const storage = open({ sse: 'aws:kms', 'sse-kms-key-id': 'alias/content' });
    await storage.write('a/one', Buffer.from('1'));
    expect(server.encryptionOf('some/prefix/a/one')).toBe('aws:kms');
    await storage.close();
  });

  it('repeats requests while the server is overloaded', async () => {
    const storage = open();
    server.failures = 2;
    await storage.write('a/one', Buffer.from('1'));
    expect((await storage.read('a/one'))?.toString()).toBe('1');
    await storage.close();
  });

  it('names the permission that is missing', async () => {
    const storage = open();
    server.denied.push({ method: 'PUT', prefix: 'some/prefix/' }, { method: 'GET', prefix: '' });
    await expect(storage.write('a/one', Buffer.from('1'))).rejects.toMatchObject({
      code: 'storage-access-denied',
      message:
        'The bucket test-bucket rejected PutObject below "some/prefix/" (AccessDenied). Check the credentials and that they allow s3:PutObject.',
    });
    await expect(storage.list('a')).rejects.toThrow('s3:ListBucket');
    await storage.close();
  });

  it('traces each operation, also one that finds nothing', async () => {
    const receiver = await TraceReceiver.start();
    const tracing = await startTracing('test', z.object(tracingSettings).parse(receiver.environment));
    const storage = open();
    await storage.write('a/one', Buffer.from('1'));
    await storage.write('a/two', chunksOf('1'));
    expect(await storage.read('a/three')).toBeNull();
    await tracing?.shutdown();
    receiver.close();
    await storage.close();
    expect(receiver.spans).toEqual(
      ['PutObject', 'PutObject', 'GetObject'].map((operation) =>
        expect.objectContaining({
          name: `s3 ${operation}`,
          attributes: { 'rpc.system': 'aws-api', 'rpc.method': operation, 'aws.s3.bucket': 'test-bucket' },
          status: { code: 0 },
        }),
      ),
    );
  });

  it('reports a missing bucket', async () => {
    const storage = openBlobStorage(server.url('p').replace('test-bucket', 'other-bucket'));
    await expect(storage.read('a')).rejects.toThrow('The bucket other-bucket does not exist');
    await expect(storage.create('a', Buffer.from('1'))).rejects.toMatchObject({ code: 'storage-access-denied' });
    await storage.close();
  });

  it('rejects a server that ignores the condition of a write', async () => {
    server.ignoresConditions = true;
    const storage = open();
    await expect(storage.create('a/one', Buffer.from('1'))).rejects.toThrow('ignores "If-None-Match: *"');
    expect(server.keys()).toEqual(['some/prefix/.conditional-write-check']);
    server.ignoresConditions = false;
    expect(await storage.create('a/one', Buffer.from('1'))).toBe(true);
    await storage.close();
  });
});
