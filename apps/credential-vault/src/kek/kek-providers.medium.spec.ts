import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AWS_CREDENTIALS,
  KMS_ARN,
  startFakeKms,
  startFakeTransit,
  TRANSIT_TOKEN,
} from '../../test/fake-key-services.js';
import type { FakeKeyService, FakeTransit } from '../../test/fake-key-services.js';
import { temporaryFolder } from '../../test/test-vault.js';
import { Envelope } from '../envelope/envelope.js';
import type { CredentialBinding } from '../envelope/envelope.js';
import { AwsKmsKekProvider } from './aws-kms.kek-provider.js';
import { CachingKekProvider } from './caching.kek-provider.js';
import { kekDestroyer } from './kek-destruction.js';
import type { KekProvider } from './kek-provider.js';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { newKeyRing } from './key-ring.js';
import { openKekProvider } from './open-kek-provider.js';
import type { KekSettings } from './open-kek-provider.js';
import { TransitKekProvider } from './transit.kek-provider.js';

describe('P5: KEK providers', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let transit: FakeTransit;
  let kms: FakeKeyService;
  let settings: KekSettings;
  let urls: Record<string, string>;

  beforeAll(async () => {
    [folder, transit, kms] = await Promise.all([temporaryFolder(), startFakeTransit(), startFakeKms()]);
    const transitTokenFile = join(folder.path, 'token');
    await writeFile(transitTokenFile, `${TRANSIT_TOKEN}\n`);
    const ring = JSON.stringify(newKeyRing());
    settings = {
      ...{ url: '', previousUrls: [], transitTokenFile, aws: AWS_CREDENTIALS },
      variable: (name) => (name === 'VAULT_KEK' ? ring : undefined),
    };
    urls = {
      file: `file:${join(folder.path, 'kek.json')}`,
      env: 'env:VAULT_KEK',
      transit: `transit+${transit.origin}/transit/reunite`,
      'aws-kms': `aws-kms:${KMS_ARN}?endpoint=${kms.origin}`,
    };
  });
  afterAll(async () => {
    await Promise.all([transit.close(), kms.close(), folder.remove()]);
  });

  const provider = (name: string, previousUrls: string[] = []) =>
    openKekProvider({ ...settings, url: urls[name] ?? '', previousUrls }, []);
  const owner: CredentialBinding = {
    organizationId: 'org',
    connectionId: 'con',
    origin: 'https://ghes.example.com',
    kind: 'private-key',
    version: 1,
  };
  const names = ['file', 'env', 'transit', 'aws-kms'];

  it.each(names)('%s wraps and unwraps only with the same associated data', async (name) => {
    const kek = await provider(name);
    const envelope = new Envelope(kek);
    const sealed = await envelope.seal(owner, Buffer.from('the secret'));
    expect(kek.knows(sealed)).toBe(true);
    expect(await kek.current()).toEqual({ kekId: sealed.kekId, kekVersion: sealed.kekVersion });
    await expect(envelope.open(owner, sealed)).resolves.toEqual(Buffer.from('the secret'));
    for (const change of [{ organizationId: 'x' }, { connectionId: 'x' }, { origin: 'x' }, { version: 2 }]) {
      const moved = envelope.open({ ...owner, ...change }, sealed);
      await expect(moved).rejects.toMatchObject({ code: 'credential-undecryptable' });
    }
  });

  it.each(names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'a data key of %s is re-wrapped by %s',
    async (from, to) => {
      const sealed = await new Envelope(await provider(from)).seal(owner, Buffer.from('the secret'));
      const envelope = new Envelope(await provider(to, [urls[from] ?? '']));
      const rewrapped = { ...sealed, ...(await envelope.rewrap(owner, sealed)) };
      const alone = new Envelope(await provider(to));
      await expect(alone.open(owner, rewrapped)).resolves.toEqual(Buffer.from('the secret'));
      await expect(alone.open(owner, sealed)).rejects.toMatchObject({ code: 'credential-undecryptable' });
    },
  );

  it('transit: a new version wraps, and the old one still unwraps', async () => {
    const envelope = new Envelope(await provider('transit'));
    const old = await envelope.seal(owner, Buffer.from('the secret'));
    transit.rotate();
    const renewed = await envelope.seal(owner, Buffer.from('the secret'));
    expect(renewed.kekVersion).toBe(old.kekVersion + 1);
    await expect(envelope.open(owner, old)).resolves.toEqual(Buffer.from('the secret'));
  });

  it('transit: destroys versions and keeps newer ones', async () => {
    const remote = new TransitKekProvider(urls['transit'] ?? '', settings.transitTokenFile ?? '');
    const envelope = new Envelope(remote);
    const old = await envelope.seal(owner, Buffer.from('the secret'));
    transit.rotate();
    const renewed = { ...old, ...(await envelope.rewrap(owner, old)) };
    await remote.destroyUpTo(old.kekVersion);
    await expect(envelope.open(owner, old)).rejects.toMatchObject({ code: 'credential-undecryptable' });
    await expect(envelope.open(owner, renewed)).resolves.toEqual(Buffer.from('the secret'));
  });

  it.each([
    ['env', 'environment variable'],
    ['aws-kms', 'schedule the deletion'],
  ])('%s: versions are not destroyed by the command, which names the alternative', (name, what) => {
    expect(() => kekDestroyer({ ...settings, url: urls[name] ?? '', previousUrls: [] })).toThrow(what);
  });

  const remotes = () => ({ transit, 'aws-kms': kms });

  it.each(['transit', 'aws-kms'] as const)('%s: only cached data keys survive an outage', async (name) => {
    const service = remotes()[name];
    const envelope = new Envelope(await provider(name));
    const [used, unused] = await Promise.all(
      [1, 2].map((version) => envelope.seal({ ...owner, version }, Buffer.of(7))),
    );
    await envelope.open({ ...owner, version: 1 }, used!);
    service.failing = 503;
    await expect(envelope.open({ ...owner, version: 1 }, used!)).resolves.toEqual(Buffer.of(7));
    const away = { code: 'kek-unavailable', retryable: true };
    await expect(envelope.open({ ...owner, version: 2 }, unused!)).rejects.toMatchObject(away);
    await expect(envelope.seal(owner, Buffer.of(7))).rejects.toMatchObject(away);
    service.failing = null;
    await expect(envelope.open({ ...owner, version: 2 }, unused!)).resolves.toEqual(Buffer.of(7));
  });

  it('a cached data key expires, and is dropped after a rejection', async () => {
    let now = 0;
    const remote = new TransitKekProvider(urls['transit'] ?? '', settings.transitTokenFile ?? '');
    const kek: KekProvider = new CachingKekProvider(remote, () => now);
    const data = Buffer.from('data');
    const wrapped = await kek.wrap(Buffer.alloc(32, 1), data);
    const unwrap = () => kek.unwrap(wrapped, data);
    await unwrap();
    const { calls } = transit;
    await unwrap();
    expect(transit.calls).toBe(calls);
    now = 301_000;
    await unwrap();
    expect(transit.calls).toBe(calls + 1);
    transit.failing = 503;
    now += 3_500_000;
    await expect(unwrap()).resolves.toEqual(Buffer.alloc(32, 1));
    now += 200_000;
    await expect(unwrap()).rejects.toMatchObject({ code: 'kek-unavailable' });
    transit.failing = null;
    await unwrap();
    transit.failing = 403;
    now += 301_000;
    await expect(unwrap()).rejects.toMatchObject({ code: 'kek-unusable' });
    transit.failing = 503;
    await expect(unwrap()).rejects.toMatchObject({ code: 'kek-unavailable' });
    transit.failing = null;
  });

  it('never returns a zeroed data key when concurrent calls replace and remove it', async () => {
    let now = 0;
    const failures: (() => void)[] = [];
    const answers: (() => void)[] = [];
    const dek = Buffer.alloc(32, 7);
    const unwrapRemote = () =>
      new Promise<Buffer>((resolve, reject) => {
        answers.push(() => resolve(Buffer.from(dek)));
        failures.push(() => reject(new KekUnavailableError('away')));
      });
    const reference = { kekId: 'remote', kekVersion: 1 };
    const remote = { knows: () => true, current: () => Promise.resolve(reference), unwrap: unwrapRemote };
    const kek = new CachingKekProvider(remote as unknown as KekProvider, () => now);
    const unwrap = () => kek.unwrap({ ...reference, wrappedDek: Buffer.of(1) }, Buffer.of(2));
    const first = unwrap();
    answers[0]!();
    await first;
    now = 301_000;
    const [renewed, failed] = [unwrap(), unwrap()];
    answers[1]!();
    await renewed;
    failures[2]!();
    await expect(failed).resolves.toEqual(dek);
  });

  it.each(['transit', 'aws-kms'] as const)(
    '%s: during an outage, cached data keys cause one call per pause',
    async (name) => {
      const service = remotes()[name];
      let now = Date.now();
      const url = urls[name] ?? '';
      const direct =
        name === 'transit'
          ? new TransitKekProvider(url, settings.transitTokenFile ?? '')
          : new AwsKmsKekProvider(url, AWS_CREDENTIALS);
      const kek = new CachingKekProvider(direct, () => now);
      const data = Buffer.from('data');
      const wrapped = await kek.wrap(Buffer.alloc(32, 1), data);
      const unwrap = () => kek.unwrap(wrapped, data);
      await unwrap();
      now += 301_000;
      const { calls } = service;
      service.failing = 503;
      for (let i = 0; i < 20; i += 1) await expect(unwrap()).resolves.toEqual(Buffer.alloc(32, 1));
      expect(service.calls).toBe(calls + 1);
      now += 16_000;
      service.failing = null;
      await unwrap();
      expect(service.calls).toBe(calls + 2);
    },
  );

  it.each([
    ['aws-kms', [400, { __type: 'ThrottlingException' }], 'kek-unavailable'],
    ['aws-kms', [400, { __type: 'AccessDeniedException' }], 'kek-unusable'],
    ['aws-kms', [400, { __type: 'DisabledException' }], 'kek-unusable'],
    ['aws-kms', [400, { __type: 'InvalidCiphertextException' }], 'credential-undecryptable'],
    ['transit', [403, { errors: ['permission denied'] }], 'kek-unusable'],
    ['transit', [429, { errors: [] }], 'kek-unavailable'],
  ] as const)('%s: %j is %s, and only a rejected data key counts as a changed row', async (name, rejection, code) => {
    const service = remotes()[name];
    const envelope = new Envelope(await provider(name));
    const sealed = await envelope.seal(owner, Buffer.from('the secret'));
    service.failing = rejection;
    const retryable = code !== 'credential-undecryptable';
    await expect(envelope.open(owner, sealed)).rejects.toMatchObject({ code, retryable });
    service.failing = null;
    await expect(envelope.open(owner, sealed)).resolves.toEqual(Buffer.from('the secret'));
  });

  it('aws-kms: foreign credentials and an outage treat no credential as lost', async () => {
    const sealed = await new Envelope(await provider('aws-kms')).seal(owner, Buffer.from('the secret'));
    const url = urls['aws-kms'] ?? '';
    const stranger = new Envelope(new AwsKmsKekProvider(url, { ...AWS_CREDENTIALS, accessKeyId: 'AKIDOTHER' }));
    await expect(stranger.open(owner, sealed)).rejects.toMatchObject({
      code: 'kek-unusable',
      message: expect.stringContaining('UnrecognizedClientException'),
    });
    const nowhere = new Envelope(
      new AwsKmsKekProvider(`aws-kms:${KMS_ARN}?endpoint=http://127.0.0.1:1`, AWS_CREDENTIALS),
    );
    await expect(nowhere.open(owner, sealed)).rejects.toMatchObject({ code: 'kek-unavailable' });
  });

  it('transit: an empty or missing token file treats no credential as lost', async () => {
    const transitTokenFile = join(folder.path, 'renewed-token');
    await writeFile(transitTokenFile, TRANSIT_TOKEN);
    const envelope = new Envelope(new TransitKekProvider(urls['transit'] ?? '', transitTokenFile));
    const sealed = await envelope.seal(owner, Buffer.from('the secret'));
    await writeFile(transitTokenFile, '\n');
    await expect(envelope.open(owner, sealed)).rejects.toMatchObject({ code: 'kek-unusable', retryable: true });
    await rm(transitTokenFile);
    await expect(envelope.open(owner, sealed)).rejects.toMatchObject({ code: 'kek-unusable', retryable: true });
  });

  it('names the missing setting', async () => {
    const opened = (change: Partial<KekSettings>) => openKekProvider({ ...settings, ...change }, []);
    await expect(opened({ url: 'env:ABSENT' })).rejects.toThrow('ABSENT is not set');
    await expect(opened({ url: 'aws-kms:alias/x' })).rejects.toThrow('must name a key');
    await expect(opened({ url: `aws-kms:${KMS_ARN}?endpoint=http://kms.example` })).rejects.toThrow('must be https');
    await expect(opened({ url: 'transit+https://host/key' })).rejects.toThrow('must name mount and key');
    const open = join(folder.path, 'open.json');
    await writeFile(open, JSON.stringify(newKeyRing()));
    await chmod(open, 0o644);
    await expect(opened({ url: `file:${open}` })).rejects.toThrow('chmod 600');
  });
});
