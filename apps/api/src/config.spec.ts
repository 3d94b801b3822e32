import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@reunite/platform';
import { apiConfigSchema } from './config.js';

const good = {
  PORT: '4300',
  PUBLIC_URL: 'http://localhost:4300/',
  WEBHOOK_PUBLIC_URL: 'https://hooks.example.com/in/',
  DATABASE_URL: 'postgres://reunite_bridge:x@localhost/reunite',
  QUEUE_URL: 'redis://localhost:6379',
  VAULT_ADDRESS: 'localhost:4320',
  TLS_CA_FILE: '/ca.pem',
  TLS_CERT_FILE: '/api.pem',
  TLS_KEY_FILE: '/api.key',
  CONTENT_URL: 'file:///content',
  PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/',
};
const local = { ...good, LOCAL_SIGN_IN: 'true', LOCAL_SIGN_IN_KEY_FILE: '/keys/sign-in.json' };
const remote = { ...good, JWT_ISSUER: 'https://id.example.com', JWT_JWKS_URL: 'https://id.example.com/jwks' };
const read = (env: Record<string, string>) => readConfig(apiConfigSchema, env);

describe('the configuration', () => {
  it('takes a local stack and a deployment', () => {
    expect(read(local)).toMatchObject({
      LISTEN_HOST: '127.0.0.1',
      PUBLIC_URL: 'http://localhost:4300',
      WEBHOOK_PUBLIC_URL: 'https://hooks.example.com/in',
      GHES_ALLOW_INSECURE_HTTP: false,
    });
    expect(read({ ...remote, LISTEN_HOST: '0.0.0.0' }).LOCAL_SIGN_IN).toBe(false);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])(
    'rejects the sign-in without a password on %s',
    (host) => expect(() => read({ ...local, LISTEN_HOST: host })).toThrow(/LOCAL_SIGN_IN: needs LISTEN_HOST/),
  );

  it.each([
    [{ ...good }, 'JWT_JWKS_URL: is required'],
    [{ ...local, JWT_JWKS_URL: 'https://id.example.com/jwks' }, 'JWT_JWKS_URL: and LOCAL_SIGN_IN exclude each other'],
    [{ ...local, LOCAL_SIGN_IN_KEY_FILE: '' }, 'LOCAL_SIGN_IN_KEY_FILE: is needed'],
    [{ ...remote, JWT_ISSUER: 'http://[::1]:4302', PUBLIC_URL: 'https://x.example' }, 'JWT_ISSUER: is at a loopback'],
    [{ ...remote, PUBLIC_URL: 'https://x.example/api' }, 'PUBLIC_URL: must be an origin'],
    [{ ...remote, VAULT_ADDRESS: 'vault' }, 'VAULT_ADDRESS: must be host:port'],
  ])('reports the violation, %#', (env, message) => expect(() => read(env)).toThrow(message));
});
