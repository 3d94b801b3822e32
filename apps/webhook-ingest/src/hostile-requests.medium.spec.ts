import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { headersFor, SECRET, sign, TestIngest } from '../test/test-ingest.js';

const KIB = 1024;

describe('hostile requests', () => {
  let postgres: RunningPostgres;
  let ingest: TestIngest;
  let honest: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    // The queue is of no interest here: it may be unreachable.
    ingest = await TestIngest.start(postgres, 'redis://127.0.0.1:1');
    honest = await ingest.makeConnection();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await ingest.close();
    await postgres.stop();
  });

  /** Opens a connection, sends text, and collects what comes back. */
  function send(text: string): {
    readonly socket: Socket;
    readonly received: () => string;
    readonly closed: Promise<string>;
  } {
    const { hostname, port } = new URL(ingest.origin);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let answer = '';
    socket.on('error', () => undefined);
    socket.write(text);
    const closed = new Promise<string>((resolve) => {
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('close', () => resolve(answer));
    });
    return { socket, received: () => answer, closed };
  }

  function head(path: string, headers: Record<string, string | undefined> = {}): string {
    const lines = Object.entries(headersFor({ headers })).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST ${path} HTTP/1.1\r\nhost: x\r\n${lines.join('')}`;
  }

  const delivered = async () => {
    const body = `{"filler":"${'x'.repeat(8 * KIB)}"}`;
    return (await ingest.post(`/webhooks/github/${honest}`, { body })).status;
  };

  it('attack: withheld unsigned bodies do not keep signed deliveries out, and are ended', async () => {
    const target = await ingest.makeConnection([SECRET], 77);
    const paths = ['/api/webhooks/git/github_server', `/webhooks/github/${target}`];
    const withheld = Array.from({ length: 40 }, (_, index) => {
      const headers = { 'x-github-hook-installation-target-id': '77' };
      return send(
        `${head(paths[index % 2] ?? '', headers)}content-length: ${KIB * KIB}\r\n\r\n${'x'.repeat(KIB * KIB - 1)}`,
      );
    });
    await eventually(() => withheld.some(({ received }) => received().includes('503')));
    expect(await Promise.all(Array.from({ length: 20 }, delivered))).toEqual(Array(20).fill(202));
    const slow = await ingest.counted('body-too-slow');
    // What was reserved is free again although no sender has finished.
    await eventually(async () => (await ingest.counted('body-too-slow')) + (await ingest.counted('aborted')) > slow);
    expect(await delivered()).toBe(202);
  });

  it('attack: a flood of large bodies is answered 503 before memory grows, and all of it is released', async () => {
    const bufferedBytes = () => metric('webhook_buffered_bytes');
    const target = await ingest.makeConnection([SECRET], 78);
    const flood = Array.from({ length: 60 }, () =>
      send(`${head(`/webhooks/github/${target}`)}content-length: ${KIB * KIB}\r\n\r\n${'x'.repeat(KIB * KIB - 1)}`),
    );
    await eventually(() => flood.filter(({ received }) => /^HTTP\/1.1 503 /.test(received())).length > 50);
    expect(flood.find(({ received }) => received() !== '')?.received()).toMatch(/retry-after: 10/i);
    // Half of the part for large bodies, which is three quarters of 8 MiB.
    expect(await bufferedBytes()).toBeLessThanOrEqual(3 * KIB * KIB);
    expect(await delivered()).toBe(202);
    for (const { socket } of flood) socket.destroy();
    await eventually(async () => (await bufferedBytes()) === 0);
  });

  it('attack: a flood of wrong signatures keeps no signed delivery out, asks the vault for nothing and stores nothing', async () => {
    const target = await ingest.makeConnection([SECRET], 79);
    await ingest.post(`/webhooks/github/${target}`, { secret: 'guessed' });
    const asked = ingest.secrets.requests.length;
    const forged = async () => {
      for (let sent = 0; sent < 100; sent++) {
        const { status } = await ingest.post(`/webhooks/github/${target}`, { secret: `guessed ${sent}` });
        expect(status).toBe(401);
      }
    };
    const flood = Promise.all(Array.from({ length: 16 }, forged));
    const statuses: number[] = [];
    for (let sent = 0; sent < 50; sent++) statuses.push(await delivered());
    await flood;
    expect(statuses).toEqual(Array(50).fill(202));
    // A mismatch reads the secrets again at most every 5 s.
    expect(ingest.secrets.requests.length - asked).toBeLessThanOrEqual(10);
    expect(await ingest.rows(target)).toEqual([]);
  });

  it.each([
    ['deep JSON', Buffer.from(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
    ['invalid UTF-8', Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xc0, 0x80, ...Buffer.from('"}')])],
    ['keys of prototypes', Buffer.from('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}')],
  ])('attack: %s is stored byte for byte and not parsed', async (_name, body) => {
    const connection = await ingest.makeConnection();
    expect((await ingest.post(`/webhooks/github/${connection}`, { body })).status).toBe(202);
    const [row] = await ingest.rows(connection);
    expect(row?.body.equals(body)).toBe(true);
    expect('isAdmin' in {}).toBe(false);
  });

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${ingest.metricsOrigin}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  it('attack: a body that arrives byte by byte is ended with 408, headers that do are ended too', async () => {
    const body = send(`${head(`/webhooks/github/${honest}`)}content-length: 100000\r\n\r\n{`);
    const trickle = setInterval(() => body.socket.write('x'), 200);
    const headers = send(`POST /webhooks/github/${honest} HTTP/1.1\r\nhost: x\r\nx-a: `);
    try {
      expect(await body.closed).toMatch(/^HTTP\/1.1 408 [^]*body-too-slow/);
      expect(await headers.closed).toMatch(/^HTTP\/1.1 408 /);
    } finally {
      clearInterval(trickle);
    }
  });

  it('attack: an unsigned body costs HMACs for a bounded number of connections', async () => {
    for (let index = 0; index < 60; index++) await ingest.makeConnection([`secret ${index}`], 99);
    const requests = ingest.secrets.requests.length;
    const headers = { 'x-github-hook-installation-target-id': '99' };
    const answer = await ingest.post('/webhooks/git/github_server', { headers, secret: 'guessed' });
    expect(answer.status).toBe(401);
    expect(ingest.secrets.requests.length - requests).toBe(16);
  });

  it('finds the connection of an app by the host of its server, however many others have its id', async () => {
    for (let index = 0; index < 20; index++) await ingest.makeConnection([`other ${index}`], 98);
    const mine = await ingest.makeConnection(['mine'], 98);
    await ingest.pool.query(`UPDATE connection SET origin = 'https://mine.example.com:8443' WHERE id = $1`, [mine]);
    const headers = { 'x-github-hook-installation-target-id': '98', 'x-github-enterprise-host': 'mine.example.com' };
    const answer = await ingest.post('/webhooks/git/github_server', { headers, secret: 'mine' });
    expect(answer.status).toBe(202);
    expect(await ingest.rows(mine)).toHaveLength(1);
  });

  it('attack: large unsigned bodies leave the event loop to others', async () => {
    for (let index = 0; index < 16; index++) await ingest.makeConnection([`a${index}`, `b${index}`], 97);
    const headers = { 'x-github-hook-installation-target-id': '97' };
    const body = `"${'x'.repeat(1_000_000)}"`;
    const large = ingest.post('/webhooks/git/github_server', { headers, secret: 'guessed', body });
    expect(await delivered()).toBe(202);
    expect((await large).status).toBe(401);
  });

  it('attack: pipelined requests each count, and a lying chunk ends its connection', async () => {
    const body = '{}';
    const one = `${head(`/webhooks/github/${honest}`, { 'x-github-delivery': 'pipelined' })}content-length: 2\r\n\r\n${body}`;
    const pipelined = send(one.repeat(50));
    await eventually(() => pipelined.received().split('HTTP/1.1 202').length === 51);
    const chunked = send(
      `${head(`/webhooks/github/${honest}`)}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{`,
    );
    expect(await chunked.closed).toMatch(/^HTTP\/1.1 400 /);
    const both = send(`${head(`/webhooks/github/${honest}`)}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`);
    expect(await both.closed).toMatch(/^HTTP\/1.1 400 /);
  });

  it('attack: the published port has no metrics; the port for Prometheus has', async () => {
    expect((await fetch(`${ingest.origin}/metrics`)).status).toBe(404);
    expect((await fetch(`${ingest.metricsOrigin}/webhooks/con_1`, { method: 'POST' })).status).toBe(404);
    const metrics = await fetch(`${ingest.metricsOrigin}/metrics`);
    expect([metrics.status, await metrics.text()]).toEqual([200, expect.stringContaining('webhook_deliveries_total')]);
    expect(await metric('webhook_inbox_pending_deliveries')).toBeGreaterThan(0);
    expect(await metric('webhook_inbox_lag_seconds')).toBeGreaterThan(0);
  });

  it('attack: too many or too long headers are rejected', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `x-${index}: 1\r\n`).join('');
    expect(await send(`POST / HTTP/1.1\r\nhost: x\r\n${many}\r\n`).closed).toMatch(/^HTTP\/1.1 431 /);
    expect(await send(`POST / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(100_000)}\r\n\r\n`).closed).toMatch(
      /^HTTP\/1.1 431 /,
    );
  });

  it.each(['gzip', 'br', 'deflate', 'gzip, identity'])(
    'attack: a body that is compressed (%s) is not decompressed',
    async (encoding) => {
      const body = Buffer.from('{}');
      const answer = await ingest.post(`/webhooks/github/${honest}`, {
        body,
        headers: { 'content-encoding': encoding, 'x-hub-signature-256': sign(body, SECRET) },
      });
      expect(answer.status).toBe(415);
    },
  );
});
