import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGhesClient } from '../client.js';
import { ghesNetwork } from '../network/ghes-network.js';
import { createBlobFromPieces } from './git-blobs.js';

const PIECE = 196_608;
/** Upper bound of what the sockets of both sides buffer on loopback. */
const SOCKET_BYTES = 24 * 1024 * 1024;
const blob = { owner: 'acme', repo: 'docs' };

describe('a blob that is created from pieces', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function client(receive: (request: IncomingMessage) => Promise<{ status: number; body: unknown }>) {
    server = createServer((request, response) => {
      void receive(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const network = ghesNetwork({ allowedCidrs: ['127.0.0.0/8'] });
    return createGhesClient({ origin, auth: { type: 'installation', token: () => Promise.resolve('x') }, network });
  }

  it.each([0, 1, 2, 3, PIECE + 1])('has the bytes of the pieces, %d in all', async (size) => {
    const content = Buffer.alloc(size, 'ab');
    let sent = '';
    let length: string | undefined;
    const ghes = await client(async (request) => {
      length = request.headers['content-length'];
      for await (const chunk of request) sent += String(chunk);
      return { status: 201, body: { sha: 'f'.repeat(40) } };
    });
    const pieces = async function* () {
      await Promise.resolve();
      for (let at = 0; at < size; at += PIECE) yield content.subarray(at, at + PIECE);
    };
    expect(await createBlobFromPieces(ghes, { ...blob, size, pieces })).toEqual({ sha: 'f'.repeat(40) });
    expect(JSON.parse(sent)).toEqual({ content: content.toString('base64'), encoding: 'base64' });
    expect(Number(length)).toBe(sent.length);
  });

  it('attack: 96 MiB to a server that reads slowly are not read ahead into memory', async () => {
    const total = PIECE * 512;
    const piece = Buffer.alloc(PIECE, 'x');
    let taken = 0;
    let received = 0;
    let most = 0;
    const digest = createHash('sha256');
    const ghes = await client(async (request) => {
      for await (const chunk of request) {
        received += (chunk as Buffer).length;
        digest.update(chunk as Buffer);
        for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
      }
      return { status: 201, body: { sha: 'f'.repeat(40) } };
    });
    const pieces = async function* () {
      for (; taken < total;) {
        await Promise.resolve();
        taken += PIECE;
        most = Math.max(most, (taken / 3) * 4 - received);
        yield piece;
      }
    };
    await createBlobFromPieces(ghes, { ...blob, size: total, pieces });
    expect([taken, received > (total / 3) * 4]).toEqual([total, true]);
    expect(most).toBeLessThan(SOCKET_BYTES);
    const body = JSON.stringify({ encoding: 'base64', content: Buffer.alloc(total, 'x').toString('base64') });
    expect(digest.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('reads the pieces again for another attempt, and passes on why they cannot be read', async () => {
    let attempts = 0;
    const ghes = await client(async (request) => {
      await once(request.resume(), 'close');
      return { status: 201, body: { sha: 'f'.repeat(40) } };
    });
    const pieces = async function* () {
      await Promise.resolve();
      attempts += 1;
      yield Buffer.from('abc');
      throw new Error('The upload no longer exists.');
    };
    await expect(createBlobFromPieces(ghes, { ...blob, size: 6, pieces })).rejects.toThrow();
    expect(attempts).toBe(1);
  });
});
