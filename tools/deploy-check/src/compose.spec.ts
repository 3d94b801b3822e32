import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readComposeFile, ROOT } from './compose-file.js';

const { services, networks, volumes } = readComposeFile();
const all = Object.entries(services);
const LOCAL_ONLY = ['local-issuer', 'ghes-simulator'];

describe('the compose file', () => {
  it('runs the issuer and the simulator in the local profile only, on loopback', () => {
    for (const [name, { profiles, ports }] of all) {
      expect([name, profiles]).toEqual([name, LOCAL_ONLY.includes(name) ? ['local'] : ['local', 'production']]);
      if (LOCAL_ONLY.includes(name)) expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    }
  });

  it('has no secret in an environment, and gives each service only its own files', () => {
    for (const [name, { environment, volumes: mounts }] of all) {
      const secrets = Object.entries(environment).filter(
        ([variable, value]) =>
          /PASSWORD$|SECRET|TOKEN/.test(variable) || (/_URL$/.test(variable) && /:\/\/[^/{}]*@/.test(String(value))),
      );
      expect([name, secrets.filter(([variable]) => variable !== 'SEED_PASSWORD')]).toEqual([name, []]);
      if (name === 'setup') continue;
      const files = mounts.filter((mount) => mount.includes('${FILES'));
      const owner = name === 'migrate-vault' ? 'credential-vault' : name;
      expect(files).toEqual(LOCAL_ONLY.includes(name) ? [] : [`\${FILES:-files-}${owner}:/run/files:ro`]);
    }
  });

  it('declares every volume and network that is used, and builds targets that exist', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    for (const [, service] of all) {
      for (const network of service.networks) expect(Object.keys(networks)).toContain(network);
      for (const mount of service.volumes) {
        const volume = mount.split(':/')[0]?.replace('${FILES:-files-}', 'files-') ?? '';
        if (!volume.startsWith('.')) expect(Object.keys(volumes)).toContain(volume);
      }
      if (service.build) expect(dockerfile).toContain(`AS ${service.build.target}\n`);
    }
  });

  it('starts databases after their files, migrations after the roles, and services after the migrations', () => {
    const after = (name: string) => Object.keys(services[name]?.depends_on ?? {});
    expect([after('postgres'), after('redis')]).toEqual([['setup'], ['setup']]);
    expect([after('migrate-bridge'), after('migrate-vault')]).toEqual([['provision'], ['provision']]);
    for (const name of ['api', 'webhook-ingest', 'sync-worker', 'preview-host']) {
      expect(after(name)).toContain('migrate-bridge');
    }
  });
});
