import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, readConfig } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { localIssuerConfigSchema } from './config.js';
import { startLocalIssuer } from './start-local-issuer.js';

const CONSOLE = 'http://localhost:4300';
const ISSUER = 'http://localhost:4302';
const env = { PORT: '0', ISSUER_URL: ISSUER, CONSOLE_URL: CONSOLE, SIGN_IN_KEY_FILE: '/unused' };
const read = (changes: Record<string, string>) => readConfig(localIssuerConfigSchema, { ...env, ...changes });

describe('the local issuer', () => {
  let folder: string;
  let service: RunningService;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-issuer-'));
    const config = read({ SIGN_IN_KEY_FILE: join(folder, 'key.json') });
    service = await startLocalIssuer(config, createLogger('local-issuer', 'fatal'));
    url = `http://localhost:${service.port}`;
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  const post = (form: Record<string, string>, headers: Record<string, string> = { origin: ISSUER }) =>
    fetch(`${url}/sign-in`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  it('signs a user in with a session cookie and opens the page of the console', async () => {
    const page = await fetch(`${url}/sign-in?next=/projects/p%22%3E`).then((answer) => answer.text());
    expect(page).toMatch(/Ada.*Grace.*Mallory/s);
    expect(page).toContain('value="/projects/p%22%3E"');
    const answer = await post({ user: 'ada', next: '/projects' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${CONSOLE}/projects`]);
    const [cookie] = answer.headers.getSetCookie();
    const token = /^session=([^;]+); Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/.exec(cookie ?? '')?.[1] ?? '';
    const keys = createRemoteJWKSet(new URL(`${url}/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: 'reunite-ghes-bridge' });
    expect(payload).toMatchObject({ sub: 'local|ada', org: 'org_acme', roles: ['owner'] });
  });

  it.each(['https://evil.example/', '//evil.example/', '/\t/evil.example', '/\\evil.example'])(
    'attack: the sign-in is used to open another site: %s',
    async (next) => {
      expect((await post({ user: 'ada', next })).headers.get('location')).toBe(`${CONSOLE}/`);
    },
  );

  it('attack: another site submits the form', async () => {
    for (const origin of ['https://evil.example', CONSOLE, 'null']) {
      const answer = await post({ user: 'ada' }, { origin });
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    }
  });

  it('attack: the issuer is enabled for a deployment that others reach', () => {
    const message = /must be at a loopback host/;
    expect(() => read({ ISSUER_URL: 'http://id.example.com' })).toThrow(message);
    expect(() => read({ CONSOLE_URL: 'http://bridge.example.com' })).toThrow(message);
    expect(() => read({ CONSOLE_URL: 'https://localhost' })).toThrow('CONSOLE_URL');
    expect(() => read({ CONSOLE_URL: 'http://127.0.0.1:4300' })).toThrow('must have the host of ISSUER_URL');
  });
});
