import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, TestServers } from '../../test/test-servers.js';
import { privateAuthority } from '../../test/certificates.js';
import { GhesTlsError } from '../errors/index.js';
import { getMeta } from '../operations/index.js';

const servers = new TestServers();
const proxies: Server[] = [];

afterEach(async () => {
  await servers.close();
  for (const proxy of proxies.splice(0)) proxy.closeAllConnections();
});

const meta = { verifiable_password_authentication: true };
const toLoopback: LookupFunction = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);

/** Starts a proxy that requires a password and tunnels every name to one port. */
async function startProxy(server: Server, targetPort: number): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const password = `Basic ${Buffer.from('me:pass').toString('base64')}`;
  server.on('connect', (request, socket) => {
    requests.push(`${request.url} ${request.headers.authorization ?? 'no credential'}`);
    if (request.headers['proxy-authorization'] !== password) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  proxies.push(server);
  return { port: (server.address() as AddressInfo).port, requests };
}

describe('a server in a private network', () => {
  it('is trusted for its own name, by connections with its authority only', async () => {
    const { ca, issue } = await privateAuthority();
    const { cert, key } = await issue('ghes.corp.example');
    const { port, requests } = await servers.serve(
      (_, response) => json(response, meta),
      (listener) => createTlsServer({ cert, key }, listener),
    );
    const ask = (host: string, trusted: string | undefined): Promise<unknown> =>
      getMeta(
        servers.client(`https://${host}:${port}`, { network: servers.network({ lookup: toLoopback, ca: trusted }) }),
      );
    expect(await ask('ghes.corp.example', ca)).toEqual(meta);
    await expect(ask('ghes.corp.example', undefined)).rejects.toThrow(GhesTlsError);
    await expect(ask('ghes.corp.example', (await privateAuthority()).ca)).rejects.toThrow(GhesTlsError);
    await expect(ask('other.corp.example', ca)).rejects.toThrow(GhesTlsError);
    expect(requests).toHaveLength(1);
  });

  it.each(['http', 'https'])(
    'is reached through a proxy with %s and a password, which never receives the token',
    async (scheme) => {
      const { ca, issue } = await privateAuthority();
      const own = await issue('ghes.invalid');
      const server = await servers.serve(
        (_, response) => json(response, meta),
        (listener) => createTlsServer({ cert: own.cert, key: own.key }, listener),
      );
      const proxy = await startProxy(
        scheme === 'https' ? createTlsServer(await issue('proxy.corp.example')) : createServer(),
        server.port,
      );
      const lookup: LookupFunction = (name, options, callback) =>
        name === 'proxy.corp.example'
          ? toLoopback(name, options, callback)
          : callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
      const ask = (user: string): Promise<unknown> => {
        const proxyUrl = `${scheme}://${user}@proxy.corp.example:${proxy.port}`;
        return getMeta(servers.client('https://ghes.invalid', { network: servers.network({ ca, proxyUrl, lookup }) }));
      };
      expect(await ask('me:pass')).toEqual(meta);
      expect(proxy.requests).toEqual(['ghes.invalid:443 no credential']);
      expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer SECRET' });
      expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
      await expect(ask('me:WRONG')).rejects.toThrow(
        /^(?!.*WRONG).*proxy proxy\.corp\.example:\d+ rejected the connection.*407/,
      );
    },
  );
});
