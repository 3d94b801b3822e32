import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa } from './development-ca.js';

describe('ensureDevelopmentCa', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'development-ca-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('creates certificates with the service name, signed by the authority', async () => {
    const { api } = await ensureDevelopmentCa(dir, ['api', 'credential-vault']);
    const ca = new X509Certificate(await readFile(api.caFile));
    const certificate = new X509Certificate(await readFile(api.certFile));
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.subjectAltName).toContain('URI:reunite://service/api');
    for (const file of ['ca.key', 'ca.pem', 'api.key', 'api.pem']) {
      expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('keeps valid files and creates missing ones', async () => {
    const { api } = await ensureDevelopmentCa(dir, ['api']);
    const before = await readFile(api.certFile, 'utf8');
    await rm(join(dir, 'credential-vault.key'));
    const next = await ensureDevelopmentCa(dir, ['api', 'credential-vault']);
    expect(await readFile(api.certFile, 'utf8')).toBe(before);
    expect(await readFile(next['credential-vault'].keyFile, 'utf8')).toContain('PRIVATE KEY');
  });

  it('creates new certificates with a new authority', async () => {
    const { api } = await ensureDevelopmentCa(dir, ['api']);
    await rm(join(dir, 'ca.key'));
    await ensureDevelopmentCa(dir, ['api']);
    const ca = new X509Certificate(await readFile(api.caFile));
    expect(new X509Certificate(await readFile(api.certFile)).verify(ca.publicKey)).toBe(true);
  });
});
