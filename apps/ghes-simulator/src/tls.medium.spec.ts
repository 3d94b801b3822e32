import { expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { SimulatorUnderTest } from '../test/simulator-under-test.js';

it('speaks HTTPS with a certificate that nobody trusts', async () => {
  const sut = await SimulatorUnderTest.start({ tls: 'self-signed', check: false });
  expect(sut.url).toMatch(/^https:/);
  await expect(fetch(`${sut.url}/api/v3/meta`)).rejects.toMatchObject({
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const answer = await request(`${sut.url}/api/v3/repos/acme/docs`, { dispatcher });
  expect(await answer.body.json()).toMatchObject({ clone_url: `${sut.url}/acme/docs.git` });
  await dispatcher.close();
  await sut.close();
});
