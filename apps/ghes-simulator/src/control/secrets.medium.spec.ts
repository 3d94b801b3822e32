import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jwt, TestSimulator } from '../../test/test-simulator.js';
import type { AppCredentials } from '../../test/test-simulator.js';

let server: TestSimulator;
let app: AppCredentials;

beforeAll(async () => {
  server = await TestSimulator.start();
  app = await server.createApp({ hook_attributes: { url: 'https://docs.example/hook', active: false } });
});

afterAll(() => server.stop());

it('lists all secrets that it issued or received', async () => {
  const installation = await server.install(app.slug, 'acme', ['docs']);
  const bearer = await jwt(app);
  const token = await server.api('POST', `/app/installations/${installation}/access_tokens`, bearer, {});
  await server.api('PATCH', '/app/hook/config', bearer, { secret: 'a webhook secret of our own' });
  const more = await server.send('POST', `/_simulator/apps/${app.slug}/client-secrets`);
  const { body } = await server.send('GET', '/_simulator/secrets');
  const secrets = body as unknown as { kind: string; value: string }[];
  const values = (kind: string) => secrets.filter((secret) => secret.kind === kind).map(({ value }) => value);
  expect(values('private-key')).toEqual([app.pem]);
  expect(values('client-secret')).toContain((more.body as unknown as { client_secret: string }).client_secret);
  expect(values('client-secret')).toHaveLength(2);
  expect(values('installation-token')).toEqual([token.body.token]);
  expect(values('app-jwt')).toContain(bearer.slice('Bearer '.length));
  expect(values('webhook-secret')).toContain('a webhook secret of our own');
  expect(values('manifest-code')).toHaveLength(1);
});
