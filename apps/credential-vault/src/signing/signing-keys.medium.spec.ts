import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { AWS_CREDENTIALS, TRANSIT_TOKEN } from '../../test/fake-key-services.js';
import { startFakeKmsSigning, startFakeTransitSigning } from '../../test/fake-signing-services.js';
import type { FakeSigningService } from '../../test/fake-signing-services.js';
import { lineOf, rsaKeyPair } from '../../test/test-ghes.js';
import { connect, temporaryFolder } from '../../test/test-vault.js';
import type { ConnectedTenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { openSigningKeys } from './open-signing-keys.js';
import type { SigningKeys } from './signing-keys.js';

describe('P5: keys that only sign', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let services: Record<string, FakeSigningService>;
  let transitTokenFile: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    transitTokenFile = join(folder.path, 'token');
    await writeFile(transitTokenFile, TRANSIT_TOKEN);
    const [transit, kms] = await Promise.all([startFakeTransitSigning(), startFakeKmsSigning()]);
    services = { transit, kms };
  });
  afterAll(async () => {
    await Promise.all([...Object.values(services).map((service) => service.close()), folder.remove()]);
  });

  const open = async (name: string): Promise<SigningKeys> => {
    const origin = services[name]?.origin ?? '';
    const url = name === 'kms' ? `aws-kms:eu-central-1?endpoint=${origin}` : `transit+${origin}/transit`;
    const keys = await openSigningKeys({ url, transitTokenFile, aws: AWS_CREDENTIALS });
    if (!keys) throw new Error('There is no key service.');
    return keys;
  };

  it.each(['transit', 'kms'])('%s imports a private key and signs digests with it', async (name) => {
    const keys = await open(name);
    const { privateKey, publicKey } = rsaKeyPair('pkcs1');
    const key = await keys.create('con_1-a', createPrivateKey(privateKey));
    await keys.import(key, createPrivateKey(privateKey));
    expect([...(services[name]?.keys.keys() ?? [])]).toEqual([key]);
    const data = randomBytes(100);
    const signature = await keys.sign(key, createHash('sha256').update(data).digest());
    expect(verify('sha256', data, createPublicKey(publicKey), signature)).toBe(true);
  });

  it.each(['transit', 'kms'])('%s deletes a key that is not used', async (name) => {
    const keys = await open(name);
    const privateKey = createPrivateKey(rsaKeyPair('pkcs1').privateKey);
    const key = await keys.create('con_1-unused', privateKey);
    await keys.import(key, privateKey);
    await keys.discard(key);
    expect(services[name]?.discarded).toEqual(new Set([key]));
    await expect(keys.sign(key, randomBytes(32))).rejects.toMatchObject({ code: 'kek-unusable' });
  });

  it.each(['transit', 'kms'])('%s reports an outage, and a key that it does not have', async (name) => {
    const keys = await open(name);
    const service = services[name];
    if (!service) throw new Error('There is no service.');
    const missing = keys.sign('arn:aws:kms:eu-central-1:111122223333:key/9', randomBytes(32));
    await expect(missing).rejects.toMatchObject({ code: 'kek-unusable' });
    service.failing = 503;
    await expect(keys.sign('x', randomBytes(32))).rejects.toMatchObject({ code: 'kek-unavailable' });
    service.failing = null;
  });

  it.each(['transit', 'kms'])(
    'attack: %s creates no key for a private key of a tenant that it would reject',
    async (name) => {
      const keys = await open(name);
      const calls = services[name]?.calls;
      for (const options of [{ modulusLength: 2560 }, { modulusLength: 2048, publicExponent: 3 }]) {
        const { privateKey } = generateKeyPairSync('rsa', options);
        await expect(async () => keys.create('con_1-b', privateKey)).rejects.toMatchObject({ code: 'kek-unusable' });
      }
      expect(services[name]?.calls).toBe(calls);
    },
  );

  it('needs a token file for transit, and no key service at all', async () => {
    const transit = { url: 'transit+https://vault.example/transit', transitTokenFile: undefined };
    await expect(openSigningKeys(transit)).rejects.toThrow('KEK_TRANSIT_TOKEN_FILE');
    expect(await openSigningKeys({ url: undefined, transitTokenFile: undefined })).toBeNull();
  });
});

describe('P5: a vault with a key service for private keys', () => {
  let transit: FakeSigningService;
  const suite = useTestVault(async (folder) => {
    transit = await startFakeTransitSigning();
    const KEK_TRANSIT_TOKEN_FILE = join(folder, 'transit-token');
    await writeFile(KEK_TRANSIT_TOKEN_FILE, TRANSIT_TOKEN);
    return { SIGNING_KEYS_URL: `transit+${transit.origin}/transit`, KEK_TRANSIT_TOKEN_FILE };
  });
  afterAll(() => transit.close());

  const kindsOf = async ({ connectionId }: ConnectedTenant) => {
    const sql = `SELECT string_agg(kind, ' ' ORDER BY kind) AS kinds FROM credential WHERE connection_id = $1
      AND kind IN ('private-key', 'signing-key')`;
    const rows = await suite.vault.database.query<{ kinds: string }[]>(sql, [connectionId]);
    return rows[0]?.kinds;
  };
  const isMoved = (tenant: ConnectedTenant) => eventually(async () => (await kindsOf(tenant)) === 'signing-key');
  const mint = (tenant: ConnectedTenant) =>
    suite.vault.as['sync-worker'].mintInstallationToken({
      ...tenant,
      repositoryIds: [],
      permissions: { metadata: 'read' },
    });

  it('moves the key of a new app there, deletes it here, and authenticates by signatures of the service', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await isMoved(tenant);
    const { calls } = transit;
    expect((await mint(tenant)).token).not.toBe('');
    expect(transit.calls).toBeGreaterThan(calls);
    const { organizationId, connectionId } = tenant;
    const profile = { organizationId, connectionId };
    expect((await suite.vault.as.api.getApp(profile)).id).toBe(tenant.appId);
    const records = await suite.vault.database.query<{ method: string }[]>(
      'SELECT method FROM audit_record WHERE connection_id = $1',
      [connectionId],
    );
    expect(records.map(({ method }) => method)).toContain('MovePrivateKey');
  });

  it('uses a key that replaces the one in the service at once, and moves it too', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await isMoved(tenant);
    const before = transit.keys.size;
    const credential = await suite.ghes.replaceKeys(tenant.slug);
    await suite.vault.as.api.rotatePrivateKey({ ...tenant, credential });
    expect((await mint(tenant)).token).not.toBe('');
    await isMoved(tenant);
    expect(transit.keys.size).toBe(before + 1);
    await suite.vault.as['sync-worker'].forgetTokens(tenant);
    expect((await mint(tenant)).token).not.toBe('');
    expect(suite.vault.log.join('')).not.toContain(lineOf(credential));
  });

  it('attack: a private key that the service rejects does not keep those of other tenants in the database', async () => {
    transit.failing = 503;
    const rejected = await connect(suite.vault, suite.ghes);
    const other = await connect(suite.vault, suite.ghes);
    transit.rejectedName = rejected.connectionId;
    transit.failing = null;
    await isMoved(other);
    expect(await kindsOf(rejected)).toBe('private-key');
    delete transit.rejectedName;
    await isMoved(rejected);
    const reported = suite.vault.log.filter((line) => line.includes('may be unused'));
    expect(reported.length).toBeGreaterThan(0);
    expect(reported.every((line) => line.includes(rejected.connectionId))).toBe(true);
  });

  it('keeps the key while the service cannot be reached, and moves it afterwards', async () => {
    transit.failing = 503;
    const tenant = await connect(suite.vault, suite.ghes);
    expect((await mint(tenant)).token).not.toBe('');
    const failed = () => suite.vault.log.some((line) => line.includes('private keys were not moved'));
    await eventually(() => Promise.resolve(failed()));
    expect(await kindsOf(tenant)).toBe('private-key');
    transit.failing = null;
    await isMoved(tenant);
  });
});

describe('a vault with AWS KMS for private keys', () => {
  let kms: FakeSigningService;
  const environment = {
    AWS_ACCESS_KEY_ID: AWS_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: AWS_CREDENTIALS.secretAccessKey,
  };
  const suite = useTestVault(async () => {
    Object.assign(process.env, environment);
    kms = await startFakeKmsSigning();
    return { SIGNING_KEYS_URL: `aws-kms:eu-central-1?endpoint=${kms.origin}` };
  });
  afterAll(async () => {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    await kms.close();
  });

  it('leaves no key behind that got no private key', async () => {
    kms.rejectedName = 'con_';
    const tenant = await connect(suite.vault, suite.ghes);
    await eventually(() => Promise.resolve(kms.discarded.size > 0));
    delete kms.rejectedName;
    const moved = `SELECT FROM credential WHERE connection_id = $1 AND kind = 'signing-key'`;
    await eventually(async () => {
      const rows = await suite.vault.database.query<unknown[]>(moved, [tenant.connectionId]);
      return rows.length === 1;
    });
    expect(kms.unused.size).toBe(0);
    expect(kms.keys.size).toBe(1);
  });
});
