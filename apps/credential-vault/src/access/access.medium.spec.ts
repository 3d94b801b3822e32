import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { credentials, Client } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { VaultMethod } from '@reunite/contracts';
import { loadServiceIdentity, WatchedIdentity } from '@reunite/platform';
import { ensureDevelopmentCa } from '@reunite/testing';
import { createVaultClient } from '@reunite/vault-client';
import { callers, connect, quiet, temporaryFolder } from '../../test/test-vault.js';
import type { Caller, Tenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { AuditRecordEntity } from '../audit/audit-record.entity.js';
import { verifyAudit } from '../audit/audit-verification.js';
import type { VaultConfig } from '../config.js';
import { startVault } from '../start-vault.js';

/** Repeats the table of access.ts on purpose, so that a change there needs a change here. */
const allowed: Record<Caller, VaultMethod[]> = {
  api: [
    'beginManifest',
    'completeManifest',
    'registerApp',
    'getApp',
    'listInstallations',
    'rotatePrivateKey',
    'rotateClientSecret',
    'rotateWebhookSecret',
    'forgetTokens',
    'beginUserSignIn',
    'completeUserSignIn',
    'getUserAccount',
    'endUserSignIn',
    'deleteConnection',
  ],
  'sync-worker': ['mintInstallationToken', 'mintUserToken', 'forgetTokens', 'getApp', 'listInstallations'],
  'webhook-ingest': ['getWebhookSecrets'],
  'preview-host': [],
};
const methods = [...new Set(Object.values(allowed).flat())];
const forbidden = callers.flatMap((caller) =>
  methods.filter((method) => !allowed[caller].includes(method)).map((method) => [caller, method] as const),
);

describe('access to the vault', () => {
  const suite = useTestVault();
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await connect(suite.vault, suite.ghes);
  });

  const records = (organizationId: string) =>
    suite.vault.database.getRepository(AuditRecordEntity).find({ where: { organizationId }, order: { seq: 'ASC' } });

  it.each(forbidden)('P5: denies %s a call of %s, and audits the attempt', async (caller, method) => {
    const { organizationId, connectionId } = tenant;
    await expect(suite.vault.as[caller][method]({ organizationId, connectionId } as never)).rejects.toMatchObject({
      code: 'caller-denied',
      retryable: false,
    });
    const last = (await records('')).at(-1);
    expect(last).toMatchObject({ caller, method, outcome: 'caller-denied', scope: { organizationId } });
  });

  it('P5: rejects connections without a certificate of our authority', async () => {
    const { path, remove } = await temporaryFolder();
    const foreign = await loadServiceIdentity((await ensureDevelopmentCa(path, ['sync-worker']))['sync-worker']);
    const ours = await loadServiceIdentity(suite.identities['sync-worker']);
    const second = await secondVault();
    const impostor = createVaultClient({
      address: second.address,
      identity: { ...foreign, ca: ours.ca },
    });
    const { organizationId, connectionId } = tenant;
    await expect(impostor.getApp({ organizationId, connectionId })).rejects.toMatchObject({
      code: 'vault-unavailable',
    });
    const nobody = new Client(second.address, credentials.createSsl(ours.ca));
    await expect(
      new Promise((_, reject) =>
        nobody.waitForReady(Date.now() + 1_000, (error) => reject(error ?? new Error('let in'))),
      ),
    ).rejects.toThrow(/deadline|Failed to connect/i);
    impostor.close();
    nobody.close();
    await second.close();
    await remove();
  });

  it('a client rejects another service with a valid certificate', async () => {
    const second = await secondVault(suite.identities['preview-host']);
    const client = createVaultClient({
      address: second.address,
      identity: await loadServiceIdentity(suite.identities.api),
    });
    await expect(client.ready(1_000)).rejects.toMatchObject({ code: 'vault-unavailable', retryable: true });
    client.close();
    await second.close();
  });

  it('loads renewed certificates without a restart, and keeps the old pair while the new one is incomplete', async () => {
    const renewed = await temporaryFolder();
    const files = suite.identities['credential-vault'];
    const [certFile, keyFile] = [join(renewed.path, 'cert.pem'), join(renewed.path, 'key.pem')];
    await Promise.all([copyFile(files.certFile, certFile), copyFile(files.keyFile, keyFile)]);
    const second = await secondVault({ ...files, certFile, keyFile }, { TLS_RELOAD_SECONDS: 0.05 });
    const ready = async () => {
      const client = createVaultClient({
        address: second.address,
        identity: await loadServiceIdentity(suite.identities.api),
      });
      return client.ready(500).finally(() => client.close());
    };
    await ready();
    // Recognisable: with this certificate the clients must not believe that it is the vault.
    await copyFile(suite.identities['preview-host'].certFile, certFile);
    await wait(300);
    await ready();
    await copyFile(suite.identities['preview-host'].keyFile, keyFile);
    await wait(300);
    await expect(ready()).rejects.toMatchObject({ code: 'vault-unavailable' });
    await second.close();
    await renewed.remove();
  });

  it.each(['con\0', 'con\ud83d', `${'x'.repeat(199)}😀`])(
    'P5: a denied call cannot evade the audit with the id %j',
    async (name) => {
      const before = (await records('')).length;
      const calls = Array.from({ length: 10 }, (_, i) =>
        suite.vault.as['sync-worker'].deleteConnection({
          ...tenant,
          connectionId: i % 2 ? name : 'con_x',
        }),
      );
      for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
      expect((await records('')).length).toBe(before + 10);
    },
  );

  it('P8: an invalid id breaks no other call', async () => {
    const { organizationId, connectionId } = tenant;
    const calls = Array.from({ length: 20 }, (_, i) =>
      suite.vault.as.api.getApp(
        i === 7 ? { organizationId: 'mallory', connectionId: 'con\0' } : { organizationId, connectionId },
      ),
    );
    const results = await Promise.allSettled(calls);
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([7]);
    expect(results[7]).toMatchObject({ reason: { code: 'invalid-input' } });
  });

  it('a client presents its renewed certificate without a restart, and is identified by it', async () => {
    const renewed = await temporaryFolder();
    const { caFile } = suite.identities.api;
    const [certFile, keyFile] = [join(renewed.path, 'cert.pem'), join(renewed.path, 'key.pem')];
    const become = async (service: 'api' | 'preview-host') => {
      await copyFile(suite.identities[service].certFile, certFile);
      await copyFile(suite.identities[service].keyFile, keyFile);
    };
    await become('preview-host');
    const files = { TLS_CA_FILE: caFile, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_RELOAD_SECONDS: 0.05 };
    const identity = await WatchedIdentity.open(files, quiet);
    const second = await secondVault(suite.identities['credential-vault'], { TLS_CONNECTION_SECONDS: 0.3 });
    const client = createVaultClient({ address: second.address, identity });
    const { organizationId, connectionId } = tenant;
    const account = () => client.getUserAccount({ organizationId, connectionId, subject: 'stranger' });
    await expect(account()).rejects.toMatchObject({ code: 'caller-denied' });
    await become('api');
    await wait(1_500);
    await expect(account()).resolves.toMatchObject({ status: 'signed-out' });
    client.close();
    identity.stop();
    await second.close();
    await renewed.remove();
  });

  it('a connection is closed at its maximum age without losing a call, so that certificates are verified again', async () => {
    const second = await secondVault(suite.identities['credential-vault'], { TLS_CONNECTION_SECONDS: 0.2 });
    const client = createVaultClient({
      address: second.address,
      identity: await loadServiceIdentity(suite.identities.api),
    });
    const { organizationId, connectionId } = tenant;
    const end = Date.now() + 1_500;
    while (Date.now() < end) await client.getUserAccount({ organizationId, connectionId, subject: 'stranger' });
    client.close();
    await second.close();
  });

  it('attack: a service that calls too often is limited, and other services are not', async () => {
    const second = await secondVault(suite.identities['credential-vault'], { CALLS_PER_SECOND_PER_CALLER: 5 });
    const client = async (service: 'api' | 'sync-worker') =>
      createVaultClient({ address: second.address, identity: await loadServiceIdentity(suite.identities[service]) });
    const [greedy, patient] = [await client('sync-worker'), await client('api')];
    const { organizationId, connectionId } = tenant;
    const calls = Array.from({ length: 20 }, () => greedy.forgetTokens({ organizationId, connectionId }));
    const results = await Promise.allSettled(calls);
    const rejected = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(rejected.length).toBeGreaterThan(5);
    expect(rejected[0]).toMatchObject({ code: 'caller-limited', retryable: true });
    await patient.getApp({ organizationId, connectionId });
    greedy.close();
    patient.close();
    await second.close();
  });

  it('attack: an organization that calls too often is limited, and other organizations are not', async () => {
    const second = await secondVault(suite.identities['credential-vault'], { CALLS_PER_SECOND_PER_ORGANIZATION: 5 });
    const api = createVaultClient({
      address: second.address,
      identity: await loadServiceIdentity(suite.identities['api']),
    });
    const other = await connect(suite.vault, suite.ghes);
    const calls = Array.from({ length: 20 }, () => api.getUserAccount(tenant));
    const results = await Promise.allSettled(calls);
    const rejected = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(rejected.length).toBeGreaterThan(5);
    expect(rejected[0]).toMatchObject({ code: 'caller-limited', retryable: true });
    await api.getUserAccount(other);
    api.close();
    await second.close();
  });

  it('attack: a user who polls an account adds one audit record per minute', async () => {
    const second = await secondVault();
    const api = createVaultClient({
      address: second.address,
      identity: await loadServiceIdentity(suite.identities['api']),
    });
    const polling = { ...tenant, subject: 'polling user' };
    for (let i = 0; i < 30; i += 1) await api.getUserAccount(polling);
    api.close();
    await second.close();
    const scopes = (await records(tenant.organizationId)).map(({ scope }) => scope);
    expect(scopes.filter((scope) => 'subject' in scope && scope.subject === polling.subject)).toEqual([
      { subject: polling.subject },
      { subject: polling.subject, repeated: 29 },
    ]);
  });

  async function secondVault(identity = suite.identities['credential-vault'], change: Partial<VaultConfig> = {}) {
    const config = {
      ...suite.vault.config,
      ...change,
      TLS_CERT_FILE: identity.certFile,
      TLS_KEY_FILE: identity.keyFile,
    };
    const second = await startVault(config, quiet);
    return { address: `localhost:${second.port}`, close: () => second.close() };
  }

  it('every call is audited in its organization’s chain, and the chain is intact', async () => {
    const { organizationId, connectionId, subject, installationId } = await connect(suite.vault, suite.ghes);
    await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    await suite.vault.as.api.getApp({ organizationId, connectionId });
    const request = {
      organizationId,
      connectionId,
      installationId,
      repositoryIds: [1],
      permissions: { contents: 'read' },
    };
    await Promise.all(Array.from({ length: 20 }, () => suite.vault.as['sync-worker'].mintInstallationToken(request)));
    // Waits for its record, and so for those of the tokens before it.
    await suite.vault.as.api.getApp({ organizationId, connectionId });
    await suite.vault.as.api.deleteConnection({ organizationId, connectionId, subject });
    await expect(suite.vault.as.api.getApp({ organizationId, connectionId })).rejects.toThrow();

    const chain = await records(organizationId);
    expect(chain.map(({ caller, method, outcome }) => `${caller} ${method} ${outcome}`)).toEqual([
      'api beginManifest ok',
      'api completeManifest ok',
      'webhook-ingest getWebhookSecrets ok',
      'api getApp ok',
      ...Array.from({ length: 20 }, () => 'sync-worker mintInstallationToken ok'),
      'api getApp ok',
      'api deleteConnection ok',
      'api getApp not-found',
    ]);
    expect(chain[0]?.scope).toEqual({ origin: suite.ghes.origin, owner: 'acme', subject });
    expect(chain[4]?.scope).toEqual({ installationId, repositoryIds: [1], permissions: { contents: 'read' } });
    for await (const report of verifyAudit(suite.vault.database)) expect(report.violation).toBeNull();
  });

  it('the audit cannot be changed, truncated or deleted from', async () => {
    for (const attempt of [
      'UPDATE audit_record SET caller = $$x$$',
      'DELETE FROM audit_record',
      'TRUNCATE audit_record',
    ]) {
      await expect(suite.vault.database.query(attempt)).rejects.toThrow(/ of vault\./);
    }
  });

  it('entities and migration describe the same columns', async () => {
    for (const { tableName, columns } of suite.vault.database.entityMetadatas) {
      const inSchema: { column_name: string; is_nullable: string }[] = await suite.vault.database.query(
        `SELECT column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'vault' AND table_name = $1`,
        [tableName],
      );
      const inDatabase = inSchema.map((column) => `${column.column_name} ${column.is_nullable}`).sort();
      const inEntity = columns.map((column) => `${column.databaseName} ${column.isNullable ? 'YES' : 'NO'}`).sort();
      expect([tableName, inEntity]).toEqual([tableName, inDatabase]);
    }
  });
});
