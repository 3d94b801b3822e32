import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jwt, SimulatorUnderTest } from '../../test/simulator-under-test.js';
import type { AppCredentials } from '../../test/simulator-under-test.js';

let sut: SimulatorUnderTest;
let app: AppCredentials;

beforeAll(async () => {
  sut = await SimulatorUnderTest.start();
  app = await sut.createApp({ hook_attributes: { url: 'https://docs.example/hook', active: false } });
});

afterAll(() => sut.stop());

it('tells every secret that it gave out or took, to this machine', async () => {
  const installation = await sut.install(app.slug, 'acme', ['docs']);
  const bearer = await jwt(app);
  const token = await sut.api('POST', `/app/installations/${installation}/access_tokens`, bearer, {});
  await sut.api('PATCH', '/app/hook/config', bearer, { secret: 'a webhook secret of our own' });
  const more = await sut.send('POST', `/_simulator/apps/${app.slug}/client-secrets`);
  const { body } = await sut.send('GET', '/_simulator/secrets');
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
