import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import { createDataSource } from './data-source.js';

const deploy = (path: string) => fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url));

/** PostgreSQL with the certificate and the access rules of the compose file. */
describe('PostgreSQL with TLS', () => {
  let folder: string;
  let postgres: RunningPostgres;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reunite-postgres-tls-'));
    for (const authority of ['ours', 'foreign']) {
      await promisify(execFile)(deploy('tls/make-certificates.sh'), [join(folder, authority)]);
    }
    postgres = await startPostgres();
    await withClient(postgres.url('postgres'), async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      const data = rows[0]?.data_directory ?? '';
      const { uid, gid } = await stat(data);
      const files = {
        'cert.pem': join(folder, 'ours/postgres/cert.pem'),
        'key.pem': join(folder, 'ours/postgres/key.pem'),
        'rules.conf': deploy('postgres/pg_hba.conf'),
      };
      for (const [name, source] of Object.entries(files)) {
        await cp(source, join(data, name));
        await chown(join(data, name), uid, gid);
      }
      await client.query(`ALTER SYSTEM SET ssl_cert_file = 'cert.pem'`);
      await client.query(`ALTER SYSTEM SET ssl_key_file = 'key.pem'`);
      await client.query(`ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1.3'`);
      await client.query(`ALTER SYSTEM SET hba_file = '${join(data, 'rules.conf')}'`);
      await client.query(`ALTER SYSTEM SET ssl = on`);
    });
    await postgres.restart();
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  const withTls = (authority: string) =>
    `${postgres.url('reunite_api')}?sslmode=verify-full&sslrootcert=${join(folder, authority, 'authority/ca.pem')}`;

  async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }

  it('is used over TLS by the services', async () => {
    const dataSource = await createDataSource({ url: withTls('ours'), schema: 'bridge', entities: [] }).initialize();
    try {
      const rows = await dataSource.query<unknown[]>(
        'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      );
      expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('attack: a server that pretends to be PostgreSQL gets no password', async () => {
    await expect(withClient(withTls('foreign'), () => Promise.resolve())).rejects.toThrow(/certificate/);
  });

  it('attack: an eavesdropper on the network reads no rows, because no client connects without TLS', async () => {
    await expect(withClient(postgres.url('reunite_api'), () => Promise.resolve())).rejects.toThrow(/no encryption/);
  });
});
