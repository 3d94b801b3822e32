import { expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { TestSimulator } from '../test/test-simulator.js';

it('serves HTTPS with a self-signed certificate', async () => {
  const server = await TestSimulator.start({ tls: 'self-signed', check: false });
  expect(server.url).toMatch(/^https:/);
  await expect(fetch(`${server.url}/api/v3/meta`)).rejects.toMatchObject({
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const answer = await request(`${server.url}/api/v3/repos/acme/docs`, { dispatcher });
  expect(await answer.body.json()).toMatchObject({ clone_url: `${server.url}/acme/docs.git` });
  await dispatcher.close();
  await server.close();
});
