import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, rejection, TestServers } from '../../test/test-servers.js';
import { privateAuthority, selfSigned } from '../../test/certificates.js';
import { checkServer } from '../server-check.js';
import type { GhesNetworkOptions } from './ghes-network.js';

const servers = new TestServers();
const others: (Server | TcpServer)[] = [];
afterEach(async () => {
  await servers.close();
  for (const server of others.splice(0)) server.close();
});

const meta = { verifiable_password_authentication: true, installed_version: '3.19.0' };
const check = (origin: string, options: GhesNetworkOptions) =>
  checkServer(servers.network(options), origin, AbortSignal.timeout(20_000));

async function listen(server: Server | TcpServer): Promise<number> {
  others.push(server);
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A GHES that rejects invalid tokens, behind its own authority. */
async function startPrivateServer(tls: { ca?: string; requestCert?: boolean } = {}) {
  const { ca, issue } = await privateAuthority();
  const { cert, key } = await issue('localhost');
  const client = await issue('reunite');
  const { port, requests } = await servers.serve(
    (request, response) => {
      if (request.headers.authorization === undefined) json(response, meta);
      else json(response, { message: 'Bad credentials' }, 401);
    },
    (listener) => createTlsServer({ cert, key, ...tls, ...(tls.requestCert && { ca }) }, listener),
  );
  return { origin: `https://localhost:${port}`, ca, client, requests };
}

async function startProxy(onConnect: (request: IncomingMessage, socket: Duplex) => void): Promise<string> {
  const server = createServer();
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    onConnect(request, socket);
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

const answering = (text: string) => startProxy((_, socket) => socket.end(text));

const ECDHE_RSA_AES128_GCM = 0xc02f;

/** The suites with DHE that OpenSSL has: https://www.iana.org/assignments/tls-parameters */
const DHE_SUITES = [0x33, 0x39, 0x67, 0x6b, 0x9e, 0x9f, 0xccaa, 0xc052, 0xc053, 0xc09e, 0xc09f, 0xc0a2, 0xc0a3];

/** The cipher suites of a ClientHello: after record header, handshake header, version, random and session id. */
function offeredSuites(hello: Buffer): number[] {
  const at = 5 + 4 + 2 + 32 + 1 + hello.readUInt8(43);
  const length = hello.readUInt16BE(at);
  return Array.from({ length: length / 2 }, (_, index) => hello.readUInt16BE(at + 2 + index * 2));
}

describe('a server with a private authority', () => {
  it('is reached with its authority, or with its certificate pinned', async () => {
    const { origin, ca } = await startPrivateServer();
    expect(await rejection(check(origin, {}))).toMatchObject({ code: 'ghes-tls', failure: 'untrusted' });
    expect(await check(origin, { ca })).toEqual({ version: '3.19.0' });
    const pinned = await servers.network().serverCertificate(origin);
    expect(await check(origin, { pinnedCertificate: pinned.toString() })).toEqual({ version: '3.19.0' });
  });

  it('attack: a pinned certificate is not accepted for another name or from another server', async () => {
    const { cert, key } = await selfSigned('other.example.com');
    const { port } = await servers.serve(
      (_, response) => json(response, meta),
      (listener) => createTlsServer({ cert, key }, listener),
    );
    const otherName = check(`https://localhost:${port}`, { pinnedCertificate: cert });
    expect(await rejection(otherName)).toMatchObject({ code: 'ghes-tls', failure: 'other-name' });
    const { origin } = await startPrivateServer();
    expect(await rejection(check(origin, { pinnedCertificate: cert }))).toMatchObject({ code: 'ghes-tls' });
  });

  it('requires the client certificate of the connection', async () => {
    const { origin, ca, client } = await startPrivateServer({ requestCert: true });
    expect(await check(origin, { ca, clientCertificate: client })).toEqual({ version: '3.19.0' });
    expect(await rejection(check(origin, { ca }))).toMatchObject({
      code: expect.stringMatching(/^ghes-(client-certificate|unreachable)$/),
    });
  });

  it('is not reached by a version of TLS below the minimum', async () => {
    const { cert, key } = await selfSigned('localhost');
    const { port } = await servers.serve(
      (_, response) => json(response, meta),
      (listener) => createTlsServer({ cert, key, maxVersion: 'TLSv1.2' }, listener),
    );
    const options = { pinnedCertificate: cert, minTlsVersion: 'TLSv1.3' } as const;
    expect(await rejection(check(`https://localhost:${port}`, options))).toMatchObject({
      code: 'ghes-tls',
      failure: 'handshake',
    });
  });

  it('attack: a server cannot choose a large prime for the key exchange', async () => {
    let hello = Buffer.alloc(0);
    const port = await listen(
      createTcpServer((socket) => {
        socket
          .on('error', () => undefined)
          .once('data', (data) => {
            hello = data;
            socket.destroy();
          });
      }),
    );
    await rejection(check(`https://localhost:${port}`, {}));
    expect(offeredSuites(hello)).toContain(ECDHE_RSA_AES128_GCM);
    expect(offeredSuites(hello).filter((suite) => DHE_SUITES.includes(suite))).toEqual([]);
  });

  it('reports a port that does not serve TLS', async () => {
    const { port } = await servers.serve((_, response) => json(response, meta));
    expect(await rejection(check(`https://localhost:${port}`, {}))).toMatchObject({ failure: 'no-tls' });
  });
});

describe('the gateway header', () => {
  it('is sent with every request, and never to the proxy', async () => {
    const received: (string | undefined)[] = [];
    const { port } = await servers.serve((request, response) => {
      received.push(request.headers['x-gateway-key'] as string | undefined);
      if (request.headers.authorization === undefined) json(response, meta);
      else json(response, { message: 'Bad credentials' }, 401);
    });
    const proxied: (string | string[] | undefined)[] = [];
    const proxyUrl = await startProxy((request, socket) => {
      proxied.push(request.headers['x-gateway-key']);
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
    });
    const gatewayHeader = { name: 'X-Gateway-Key', value: 'secret' };
    await check(`http://localhost:${port}`, { proxyUrl, gatewayHeader });
    expect([received, proxied]).toEqual([['secret', 'secret'], [undefined]]);
  });
});

describe('a proxy', () => {
  it.each([
    ['that answers HTML', 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>Sign in</html>', 'not-a-proxy'],
    ['that is a web server', 'HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n', 'not-a-proxy'],
    ['that is a mail server', '220 mail.example.com ESMTP\r\n', 'not-a-proxy'],
    ['that forbids the server', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n', 'rejected'],
    ['that redirects', 'HTTP/1.1 302 Found\r\nlocation: http://login/\r\n\r\n', 'rejected'],
    ['that detects a loop', 'HTTP/1.1 508 Loop Detected\r\ncontent-length: 0\r\n\r\n', 'rejected'],
    ['that wants a password', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'authentication'],
  ])('%s has a specific error', async (_, answer, failure) => {
    const proxyUrl = await answering(answer);
    const options = { proxyUrl, allowedCidrs: ['127.0.0.0/8'] };
    const error = await rejection(check('https://ghes.example.com', options));
    expect(error).toMatchObject({ code: 'ghes-proxy-rejected', failure });
  });

  it('that cannot reach the server is not reported as an error of the proxy', async () => {
    const proxyUrl = await answering('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n');
    const error = await rejection(check('https://ghes.example.com', { proxyUrl }));
    expect(error).toMatchObject({ code: 'ghes-unreachable', nothingSent: true });
  });

  it('that never answers, or dials itself for ever, ends after the timeout', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => undefined));
    const proxyUrl = `http://127.0.0.1:${await listen(silent)}`;
    const limits = { connectTimeoutMs: 300 };
    const error = await rejection(check('https://ghes.example.com', { proxyUrl, limits }));
    expect(error).toMatchObject({ code: 'ghes-proxy-unreachable', message: expect.stringMatching(/in time/) });
  });

  it.each([
    ['headers without end', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'.repeat(200), 0],
    ['a header line without end', 'HTTP/1.1 200 OK\r\nx: ', 'y'.repeat(1_000), 0],
    ['interim responses without end', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100), 5],
    ['"continue" without end', '', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100), 5],
    ['a header byte by byte', 'HTTP/1.1 200 OK\r\nx: ', 'y', 20],
    ['a status line without end', 'HTTP/1.1 200 ', 'O'.repeat(1_000), 0],
    ['zeros without end', '', '\0'.repeat(1_000), 0],
  ])('attack: that answers CONNECT with %s is left within the timeout', async (_, start, repeated, everyMs) => {
    let sent = 0;
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined).write(start);
      const send = () => {
        if (socket.destroyed) return;
        sent += repeated.length;
        if (socket.write(repeated)) setTimeout(send, everyMs);
        else socket.once('drain', send);
      };
      socket.once('data', send);
    });
    const proxyUrl = `http://127.0.0.1:${await listen(server)}`;
    const limits = { connectTimeoutMs: 300, totalTimeoutMs: 20_000 };
    const startedAt = performance.now();
    const error = await rejection(check('https://ghes.example.com', { proxyUrl, limits }));
    expect(error).toMatchObject({ code: expect.stringMatching(/^ghes-proxy-/) });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(sent).toBeLessThan(16 * 1_024 * 1_024);
  });

  it('is not used for hosts without one', async () => {
    const { origin, ca } = await startPrivateServer();
    const options = { ca, proxyUrl: await answering('HTTP/1.1 403 Forbidden\r\n\r\n'), noProxy: ['localhost'] };
    expect(await check(origin, options)).toEqual({ version: '3.19.0' });
  });

  it.each(['127.0.0.1:3128', '169.254.169.254', '[::1]:3128', 'localhost:6379'])(
    'attack: at %s is not dialled, nor is its port',
    async (host) => {
      const error = await rejection(
        check('https://ghes.example.com', { proxyUrl: `http://${host}`, allowedCidrs: [] }),
      );
      expect(error).toMatchObject({ code: 'ghes-blocked-address' });
    },
  );
});

describe('the responder at the server URL', () => {
  const html = { 'content-type': 'text/html' };
  it.each([
    ['a web page', 200, '<html></html>', html, 'ghes-wrong-host'],
    ['github.com', 200, '{"verifiable_password_authentication":false}', {}, 'ghes-wrong-host'],
    ['a sign-in page elsewhere', 302, '', { location: 'https://login.example.com/' }, 'ghes-wrong-host'],
    ['a gateway without its header', 403, 'Forbidden', {}, 'ghes-gateway'],
    [
      'nginx without a client certificate',
      400,
      '400 No required SSL certificate was sent',
      html,
      'ghes-client-certificate',
    ],
    ['a failing gateway', 502, 'Bad Gateway', {}, 'ghes-server-error'],
  ])('%s has a specific error', async (_, status, body, headers, code) => {
    const { origin } = await servers.serve((_request, response) => response.writeHead(status, headers).end(body));
    expect(await rejection(check(origin, {}))).toMatchObject({ code });
  });

  it('a gateway that removes the header Authorization is reported before an app exists', async () => {
    const { origin } = await servers.serve((_, response) => json(response, meta));
    expect(await rejection(check(origin, {}))).toMatchObject({
      code: 'ghes-gateway',
      message: expect.stringContaining('Credentials do not reach'),
    });
  });

  it.each(['3.19.0\u0000', '<b>3.19</b>', `3.19.${'0'.repeat(60_000)}`])(
    'attack: a server cannot make up a version text: %#',
    async (version) => {
      const { origin } = await servers.serve(({ headers }, response) =>
        json(response, { ...meta, installed_version: version }, headers.authorization === undefined ? 200 : 401, {
          'x-github-enterprise-version': version.slice(0, 500).replace('\u0000', ' '),
        }),
      );
      expect(await check(origin, {})).toEqual({ version: null });
    },
  );

  it('a server in private mode is accepted', async () => {
    const { origin } = await servers.serve((_, response) =>
      json(response, { message: 'Must authenticate', documentation_url: 'https://docs.github.com/rest' }, 401),
    );
    expect(await check(origin, {})).toEqual({ version: null });
  });
});
