import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from './compose-file.js';

describe('the files of a stack', () => {
  let folder: string;
  const make = (env: Record<string, string> = {}) =>
    execFileSync(join(ROOT, 'deploy/make-files.sh'), [folder], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8').trim();
  const production = {
    CREATE: 'false',
    PUBLIC_URL: 'https://bridge.example.com',
    WEBHOOK_PUBLIC_URL: 'https://hooks.example.com',
    PREVIEW_URL_TEMPLATE: 'https://{host}.previews.example.net/',
    JWT_ISSUER: 'https://id.example.com',
    JWT_JWKS_URL: 'https://id.example.com/jwks',
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-files-'));
    make();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are created once: a second run keeps them', () => {
    const url = read('api/database-url');
    const certificate = read('api/cert.pem');
    make();
    expect([read('api/database-url'), read('api/cert.pem')]).toEqual([url, certificate]);
    expect(url).toContain(
      `postgres://reunite_api:${read('provision/reunite_api')}@postgres:5432/reunite?sslmode=verify-full`,
    );
    expect(statSync(join(folder, 'api/database-url')).mode & 0o077).toBe(0);
  });

  it('give Redis hashes of the passwords', () => {
    const password = read('authority/redis-api');
    expect(read('api/queue-url')).toBe(`rediss://api:${password}@redis:6379/0`);
    expect(read('redis/users.acl')).not.toContain(password);
  });

  it('are checked in production: a missing file is named', () => {
    expect(make(production)).toContain('All files are there.');
    rmSync(join(folder, 'sync-worker/queue-url'));
    expect(() => make(production)).toThrow(/Missing[^]*sync-worker\/queue-url/);
    expect(() => statSync(join(folder, 'sync-worker/queue-url'))).toThrow('ENOENT');
    make();
  });

  it.each([
    { JWT_ISSUER: 'http://localhost:4302' },
    { JWT_JWKS_URL: 'http://local-issuer:4302/jwks.json' },
    { PUBLIC_URL: 'http://bridge.example.com' },
    { GHES_ALLOW_INSECURE_HTTP: 'true' },
    { GHES_ALLOWED_CIDRS: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16' },
  ])('attack: a production stack starts with a setting of the local profile: %j', (setting) => {
    expect(() => make({ ...production, ...setting })).toThrow(/for the local profile only/);
  });
});
