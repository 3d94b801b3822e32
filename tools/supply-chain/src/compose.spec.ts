import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
  readonly [setting: string]: unknown;
}

const source = readFileSync(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8');
const { services, networks } = parse(source, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
};
const networksOf = ({ networks: used = [] }: Service) => (Array.isArray(used) ? used : Object.keys(used)) as string[];

describe('docker-compose.yml', () => {
  it.each(Object.entries(services))('attack: %s cannot exhaust or change its host', (name, service) => {
    expect(service).toMatchObject({
      // `setup` runs once, without a network.
      read_only: name !== 'setup',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ulimits: { core: 0 },
      pids_limit: expect.any(Number),
      cpus: expect.any(Number),
      mem_limit: expect.any(String),
    });
  });

  it('attack: an eavesdropper sees no connection to PostgreSQL or Redis in clear', () => {
    const urls = Object.values(services)
      .flatMap(({ environment = {} }) => Object.values(environment))
      .filter((value): value is string => typeof value === 'string' && /^(?:postgres|rediss?):/.test(value));
    for (const url of urls) expect(url).toMatch(/^rediss:/);
    const script = readFileSync(join(import.meta.dirname, '../../../deploy/make-files.sh'), 'utf8');
    expect(script.match(/"postgres:.+\?\$tls"$/gm)).toHaveLength(2);
    expect(script).toContain("tls='sslmode=verify-full&sslrootcert=/run/files/ca.pem'");
    expect(script.match(/"rediss?:/g)).toEqual(['"rediss:']);
    expect(services['redis']?.command?.join(' ')).toContain('--port 0 --tls-port 6379');
    expect(services['postgres']?.command).toContain('ssl=on');
  });

  it('attack: the list of processes shows no password', () => {
    for (const { command = [] } of Object.values(services))
      expect(command.join(' ')).not.toMatch(/\$\{[A-Z_]*PASSWORD/);
  });

  it('attack: only services that call servers or the issuer have a way out', () => {
    const leaving = Object.keys(networks).filter((name) => name !== 'edge' && networks[name]?.internal !== true);
    expect(leaving.sort()).toEqual(['issuer', 'servers']);
    const members = (network: string) =>
      Object.keys(services).filter((name) => networksOf(services[name]!).includes(network));
    expect(members('servers')).toEqual(['credential-vault', 'sync-worker', 'ghes-simulator']);
    expect(members('issuer')).toEqual(['api', 'local-issuer']);
    expect(networks['edge']).toMatchObject({ driver_opts: expect.anything() });
  });

  it('attack: no published port serves metrics', () => {
    for (const { environment = {}, ports = [] } of Object.values(services)) {
      const metrics = environment['METRICS_PORT'];
      for (const port of ports) expect(port.endsWith(`:${String(metrics)}`)).toBe(false);
      if (ports.length > 0 && ![4302, 4500].includes(Number(environment['PORT'])))
        expect(metrics).toEqual(expect.any(Number));
    }
  });
});
