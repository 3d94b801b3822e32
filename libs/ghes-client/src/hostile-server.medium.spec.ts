import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { json, rejection, TestServers } from '../test/test-servers.js';
import type { GhesError } from './errors/index.js';
import {
  GhesBusyError,
  GhesCancelledError,
  GhesMalformedResponseError,
  GhesResponseTooLargeError,
} from './errors/index.js';
import { PROCESS_BYTES } from './network/byte-budget.js';
import { compareCommits, getMeta, getRepository, gitUploadPack, listInstallations } from './operations/index.js';

const servers = new TestServers();

afterEach(() => servers.close());

const MIB = 1024 * 1024;
const docs = { owner: 'acme', repo: 'docs' };
const jsonType = { 'content-type': 'application/json' };
const installation = {
  id: 1,
  app_id: 1,
  app_slug: 'a',
  account: null,
  target_type: 'Organization',
  repository_selection: 'all',
  permissions: {},
  events: [],
  html_url: 'h',
};

/** Returns the longest time that `work` blocked the event loop, in milliseconds. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work.catch(() => undefined);
  clearInterval(timer);
  return longest;
}

describe('a hostile server', () => {
  it('attack: only 64 KiB of an error response of 20 MiB are read', async () => {
    let written = 0;
    const { origin } = await servers.serve((_, response) => {
      response.writeHead(500, jsonType);
      const text = Buffer.from('-eyJ'.repeat(MIB / 4));
      const write = () => {
        while (written < 20 * MIB && !response.destroyed) {
          written += text.length;
          if (!response.write(text)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const client = servers.client(origin, { network: servers.network({ limits: { maxAttempts: 1 } }) });
    const pause = await longestPause(rejection(getMeta(client)));
    expect(pause).toBeLessThan(1_000);
    expect(written).toBeLessThan(20 * MIB);
  });

  it.each([
    ['empty objects', '{},'],
    ['empty arrays', '[],'],
    ['objects with one key', '{"a":0},'],
  ])('attack: JSON that is nearly all %s is rejected before it is parsed', async (_, unit) => {
    const body = `[${unit.repeat((8 * MIB) / unit.length - 2)}0]`;
    const { origin } = await servers.serve((_request, response) => response.writeHead(200, jsonType).end(body));
    const before = process.memoryUsage().heapUsed;
    const error = await rejection(compareCommits(servers.client(origin), { ...docs, base: 'a', head: 'b' }));
    expect(error).toBeInstanceOf(GhesMalformedResponseError);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * MIB);
  });

  it('attack: a list with 60,000 invalid items causes a short error message', async () => {
    const items = JSON.stringify(Array.from({ length: 60_000 }, () => ({ padding: 'x'.repeat(20) })));
    const body = `{"status":"ahead","ahead_by":1,"behind_by":0,"total_commits":1,"merge_base_commit":{"sha":"a"},"commits":${items}}`;
    const { origin } = await servers.serve((_, response) => response.writeHead(200, jsonType).end(body));
    const client = servers.client(origin, { network: servers.network({ limits: { maxAttempts: 1 } }) });
    const error = (await rejection(compareCommits(client, { ...docs, base: 'a', head: 'b' }))) as GhesError;
    expect(error).toMatchObject({ code: 'ghes-malformed-response', reason: 'unexpected-shape' });
    expect(error.message.length).toBeLessThan(1_000);
  });

  it('attack: an endless listing stops at the limits of pages, items and time', async () => {
    let page = 0;
    const { origin } = await servers.serve((_, response) => {
      const link = `<${origin}/api/v3/app/installations?page=${(page += 1)}>; rel="next"`;
      json(response, [installation, installation], 200, { link });
    });
    const read = async (limits: object): Promise<number> => {
      page = 0;
      const list = listInstallations(servers.client(origin, { network: servers.network({ limits }) }));
      const all = async () => {
        for await (const item of list) expect(item.id).toBe(1);
      };
      await expect(all()).rejects.toThrow(GhesResponseTooLargeError);
      return page;
    };
    expect(await read({ maxListingPages: 5 })).toBe(5);
    expect(await read({ maxListingItems: 6 })).toBe(3);
    expect(await read({ listingTimeoutMs: 100 })).toBeLessThan(1_000);
  });

  it('attack: a page with more items than requested is rejected', async () => {
    const { origin } = await servers.serve((_, response) =>
      json(
        response,
        Array.from({ length: 101 }, () => installation),
      ),
    );
    const network = servers.network({ limits: { maxAttempts: 1 } });
    await expect(listInstallations(servers.client(origin, { network })).next()).rejects.toMatchObject({
      reason: 'unexpected-shape',
    });
  });

  it('attack: a token that is longer than 64 KiB is rejected', async () => {
    const { origin } = await servers.serve((_, response) => json(response, { token: 'x'.repeat(70_000) }));
    await expect(getMeta(servers.client(origin))).rejects.toMatchObject({ limitBytes: 65_536 });
  });

  it('attack: a server that never responds loses its socket when the caller disconnects', async () => {
    const sockets: boolean[] = [];
    const { origin, requests } = await servers.serve((_, response) => {
      const index = sockets.push(true) - 1;
      response.on('close', () => (sockets[index] = false));
    });
    const caller = new AbortController();
    const network = servers.network({ limits: { maxConcurrentRequests: 1 } });
    const client = servers.client(origin, { network }).withSignal(caller.signal);
    const token = () => Promise.resolve('t');
    const calls = [
      getRepository(client, docs),
      getRepository(client, docs), // queued
      gitUploadPack({ origin, network, ...docs, body: '0000', token, signal: caller.signal }),
    ].map(rejection);
    await eventually(() => sockets.length === 1);
    caller.abort();
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(GhesCancelledError);
    await eventually(() => sockets[0] === false);
    expect(requests).toHaveLength(1);
    expect(await rejection(getRepository(client, docs))).toBeInstanceOf(GhesCancelledError);
  });

  it('attack: concurrent large responses share one limit, and release their bytes', async () => {
    const { origin } = await servers.serve((_, response) => {
      response.writeHead(200, jsonType);
      response.write(Buffer.alloc(600_000, 0x20));
    });
    const network = servers.network({ limits: { maxBytesInFlight: MIB, maxAttempts: 1, bodyTimeoutMs: 500 } });
    const client = servers.client(origin, { network });
    const errors = await Promise.all([1, 2].map(() => rejection(getRepository(client, docs))));
    expect(errors.filter((error) => error instanceof GhesBusyError)).toHaveLength(1);
    expect(PROCESS_BYTES.tryTake(256 * MIB)).toBe(true);
    PROCESS_BYTES.release(256 * MIB);
  });

  it('attack: a server on the port of another service is not dialled', async () => {
    const { origin, requests } = await servers.serve((_, response) => json(response, {}));
    const network = servers.network({
      allowedCidrs: [],
      lookup: (_, __, done) => done(null, [{ address: '10.0.0.1', family: 4 }]),
    });
    const { port } = new URL(origin);
    const client = servers.client(`https://ghes.example.com:${port}`, { network });
    await expect(getMeta(client)).rejects.toMatchObject({ code: 'ghes-blocked-address' });
    expect(requests).toEqual([]);
  });
});
