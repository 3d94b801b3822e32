import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, TestServers } from '../../test/test-servers.js';
import { selfSigned } from '../../test/certificates.js';
import {
  GhesBlockedAddressError,
  GhesForeignOriginError,
  GhesMalformedResponseError,
  GhesResponseTooLargeError,
  GhesTlsError,
  GhesUnreachableError,
} from '../errors/index.js';
import type { GhesNetwork, GhesNetworkOptions, WireResponse } from './ghes-network.js';
import { ghesNetwork } from './ghes-network.js';

const loopback = ['127.0.0.0/8', '::1'];
const servers = new TestServers();

afterEach(() => servers.close());

/** A network without the defaults of tests. */
function network(options: GhesNetworkOptions = { allowedCidrs: loopback }): GhesNetwork {
  return servers.own(ghesNetwork(options));
}

const get = (sut: GhesNetwork, origin: string, url = `${origin}/`): Promise<WireResponse> =>
  sut.send({ origin, url, method: 'GET', headers: { authorization: 'Bearer SECRET' } });

/** A lookup that returns one address after the other, and repeats the last. */
function answers(...addresses: string[]): LookupFunction {
  return (_hostname, _options, callback) => {
    const address = addresses.length > 1 ? addresses.shift()! : addresses[0]!;
    callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  };
}

describe('address guard', () => {
  it('dials a loopback address in any notation only if it is allowed', async () => {
    const { port, requests } = await servers.serve((_, response) => json(response, {}));
    const sut = network({});
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]', '0.0.0.0', 'localhost']) {
      await expect(get(sut, new URL(`http://${host}:${port}`).origin)).rejects.toThrow(GhesBlockedAddressError);
    }
    expect(requests).toEqual([]);
    expect((await get(network(), `http://localhost:${port}`)).status).toBe(200);
  });

  it('dials no metadata address even if all addresses are allowed', async () => {
    const sut = network({ allowedCidrs: ['0.0.0.0/0', '::/0'], lookup: answers('169.254.169.254') });
    await expect(get(sut, 'http://169.254.169.254')).rejects.toThrow(GhesBlockedAddressError);
    await expect(get(sut, 'http://innocent.example')).rejects.toThrow(GhesBlockedAddressError);
  });

  it('dials the checked address even if a name changes its address', async () => {
    const { port, requests } = await servers.serve((_, response) => json(response, {}));
    // Each dial resolves once and dials the result: first an address without a server, then the loopback address.
    const sut = network({
      lookup: answers('192.0.2.1', '127.0.0.1'),
      allowedPorts: [port],
      limits: { connectTimeoutMs: 200 },
    });
    await expect(get(sut, `http://rebind.example:${port}`)).rejects.toThrow(GhesUnreachableError);
    await expect(get(sut, `http://rebind.example:${port}`)).rejects.toThrow(GhesBlockedAddressError);
    expect(requests).toEqual([]);
  });

  it('dials the allowed one of several addresses', async () => {
    const { port } = await servers.serve((_, response) => json(response, {}));
    const lookup: LookupFunction = (_hostname, _options, callback) =>
      callback(null, [
        { address: '169.254.169.254', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    expect((await get(network({ allowedCidrs: loopback, lookup }), `http://two.example:${port}`)).status).toBe(200);
  });
});

describe('send', () => {
  it('rejects a URL of another origin', async () => {
    const { origin, requests } = await servers.serve((_, response) => json(response, {}));
    await expect(get(network(), 'https://ghes.example.com', `${origin}/`)).rejects.toThrow(GhesForeignOriginError);
    expect(requests).toEqual([]);
  });

  it('times out on slow headers, a stuck body and an endless slow body', async () => {
    const { origin } = await servers.serve(({ url }, response) => {
      if (url === '/headers') return;
      response.writeHead(200);
      response.write('x');
      if (url === '/trickle') {
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      }
    });
    // The timers of undici tick about once a second.
    const limits = { headersTimeoutMs: 300, bodyTimeoutMs: 300 };
    const sut = network({ allowedCidrs: loopback, limits });
    const hurried = network({ allowedCidrs: loopback, limits: { totalTimeoutMs: 300 } });
    await expect(get(sut, origin, `${origin}/headers`)).rejects.toThrow(/did not answer in time/);
    await expect(get(sut, origin, `${origin}/stuck`)).rejects.toThrow(/stopped in the middle/);
    await expect(get(hurried, origin, `${origin}/trickle`)).rejects.toThrow(/took too long/);
  });

  it('reports interrupted and rejected connections and other protocols', async () => {
    const { origin, port } = await servers.serve(({ url }, response) => {
      if (url === '/cut') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      } else response.socket?.end('SSH-2.0-OpenSSH_9\r\n');
    });
    const sut = network();
    await expect(get(sut, origin, `${origin}/cut`)).rejects.toMatchObject({
      code: 'ghes-unreachable',
      nothingSent: false,
    });
    await expect(get(sut, origin)).rejects.toThrow(GhesMalformedResponseError);
    await expect(get(sut, `https://127.0.0.1:${port}`)).rejects.toThrow(GhesTlsError);
    const closed = await servers.serve(() => undefined);
    await closed.close();
    await expect(get(sut, closed.origin)).rejects.toMatchObject({ code: 'ghes-unreachable', nothingSent: true });
    await expect(get(sut, 'http://no-such-host.invalid')).rejects.toMatchObject({ nothingSent: true });
  });

  it('stops reading a body at its size limit', async () => {
    const { origin } = await servers.serve((_, response) => response.end('x'.repeat(2000)));
    const sut = network({ allowedCidrs: loopback, limits: { maxObjectBytes: 1000 } });
    await expect(get(sut, origin)).rejects.toThrow(GhesResponseTooLargeError);
    expect((await sut.send({ origin, url: origin, method: 'GET', headers: {}, size: 'page' })).body.length).toBe(2000);
  });

  it('limits concurrent requests', async () => {
    let active = 0;
    let most = 0;
    const { origin, requests } = await servers.serve((_, response) => {
      most = Math.max(most, (active += 1));
      setTimeout(() => {
        active -= 1;
        json(response, {});
      }, 10);
    });
    const sut = network({ allowedCidrs: loopback, limits: { maxConcurrentRequests: 3 } });
    await Promise.all(Array.from({ length: 20 }, () => get(sut, origin)));
    expect([most, requests.length]).toEqual([3, 20]);
  });

  it("learns the server's clock and version", async () => {
    const { origin } = await servers.serve((_, response) =>
      json(response, {}, 200, {
        date: new Date(Date.now() + 3_600_000).toUTCString(),
        'x-github-enterprise-version': '3.17.2',
      }),
    );
    const sut = network();
    expect([sut.clockSkewSeconds(), sut.serverVersion()]).toEqual([0, undefined]);
    await get(sut, origin);
    expect(Math.abs(sut.clockSkewSeconds() - 3600)).toBeLessThanOrEqual(1);
    expect(sut.serverVersion()).toBe('3.17.2');
  });
});

describe('TLS', () => {
  it('trusts a private authority only for its connection', async () => {
    const { cert, key } = await selfSigned('localhost');
    const server = await servers.serve(
      (_, response) => json(response, {}),
      (listener) => createTlsServer({ cert, key }, listener),
    );
    const origin = `https://localhost:${server.port}`;
    await expect(get(network(), origin)).rejects.toThrow(GhesTlsError);
    expect((await get(network({ allowedCidrs: loopback, ca: cert }), origin)).status).toBe(200);
    const lookup = answers('127.0.0.1');
    const other = network({ allowedCidrs: loopback, ca: cert, lookup });
    await expect(get(other, `https://other.example:${server.port}`)).rejects.toThrow(GhesTlsError);
    expect(server.requests.length).toBe(1);
  });
});

describe('proxy', () => {
  async function startProxy(targetPort: number): Promise<{ url: string; targets: string[] }> {
    const targets: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      targets.push(request.url ?? '');
      const upstream = connect(targetPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    servers.own({ close: () => new Promise((resolve) => proxy.close(() => resolve())) });
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, targets };
  }

  it('tunnels to a name that only the proxy knows', async () => {
    const server = await servers.serve((_, response) => json(response, { ok: true }));
    const { url, targets } = await startProxy(server.port);
    const sut = network({ allowedCidrs: loopback, proxyUrl: url });
    expect((await get(sut, 'http://ghes.invalid')).body.toString()).toBe('{"ok":true}');
    expect(targets).toEqual(['ghes.invalid:80']);
  });

  it('checks the certificate of a server behind a proxy', async () => {
    const { cert, key } = await selfSigned('ghes.invalid');
    const server = await servers.serve(
      (_, response) => json(response, { ok: true }),
      (listener) => createTlsServer({ cert, key }, listener),
    );
    const { url } = await startProxy(server.port);
    const proxied = { allowedCidrs: loopback, proxyUrl: url };
    expect((await get(network({ ...proxied, ca: cert }), 'https://ghes.invalid')).status).toBe(200);
    await expect(get(network(proxied), 'https://ghes.invalid')).rejects.toThrow(GhesTlsError);
  });

  it('checks the addresses of the target and of the proxy', async () => {
    const { url, targets } = await startProxy(1);
    const lookup = answers('169.254.169.254');
    await expect(get(network({ proxyUrl: url }), 'http://ghes.invalid')).rejects.toThrow(GhesBlockedAddressError);
    const sut = network({ allowedCidrs: loopback, proxyUrl: url, lookup });
    await expect(get(sut, 'http://169.254.169.254')).rejects.toThrow(GhesBlockedAddressError);
    await expect(get(sut, 'http://innocent.example')).rejects.toThrow(GhesBlockedAddressError);
    expect(targets).toEqual([]);
  });
});
