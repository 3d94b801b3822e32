import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { TestSimulator } from '../../test/test-simulator.js';

let server: TestSimulator;
const dispatchers: Dispatcher[] = [];
beforeEach(async () => {
  server = await TestSimulator.start({
    check: false,
    tls: 'private-ca',
    front: {
      mutualTls: true,
      gatewayHeader: { name: 'X-Key', value: 'open' },
      proxy: { port: 0, credentials: 'me:pass' },
    },
  });
});
afterEach(async () => {
  for (const dispatcher of dispatchers.splice(0)) await dispatcher.close();
  await server.close();
});

const file = (name: string) => readFile(join(server.folder, 'data/tls', name), 'utf8');

async function get(path: string, { withCertificate = true, withHeader = true, proxy = '' } = {}) {
  const [ca, cert, key] = await Promise.all([file('ca.pem'), file('client.pem'), file('client.key')]);
  const tls = withCertificate ? { ca, cert, key } : { ca };
  const dispatcher = proxy === '' ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxy, requestTls: tls });
  dispatchers.push(dispatcher);
  const { statusCode, body } = await request(server.url + path, {
    dispatcher,
    headers: withHeader ? { 'x-key': 'open' } : {},
  });
  return { status: statusCode, text: await body.text() };
}

it('serves programs with client certificate and header, and browsers without', async () => {
  expect((await get('/api/v3/meta')).status).toBe(200);
  expect(await get('/api/v3/meta', { withCertificate: false })).toMatchObject({ status: 400 });
  expect(await get('/api/v3/meta', { withHeader: false })).toMatchObject({ status: 403 });
  expect((await get('/acme/docs.git/info/refs?service=git-upload-pack', { withHeader: false })).status).toBe(403);
  expect((await get('/login', { withCertificate: false, withHeader: false })).status).toBe(200);
});

it('is reached through the proxy with its credentials only, and the proxy reaches nothing else', async () => {
  const withCredentials = server.proxyUrl.replace('://', '://me:pass@');
  expect((await get('/api/v3/meta', { proxy: withCredentials })).status).toBe(200);
  await expect(get('/api/v3/meta', { proxy: server.proxyUrl })).rejects.toThrow(/407/);
  const other = request('http://localhost:9/', { dispatcher: new ProxyAgent(withCredentials) });
  await expect(other).rejects.toThrow(/403/);
  expect(JSON.parse((await get('/_simulator/proxy')).text)).toEqual({ tunnels: 1, rejected: 2 });
});

it('keeps its certificates over a restart', async () => {
  const before = await file('ca.pem');
  await server.restart();
  expect(await file('ca.pem')).toBe(before);
  expect((await get('/api/v3/meta')).status).toBe(200);
});
