import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { VaultMethod } from '@reunite/contracts';
import { TestGhes } from '../../test/test-ghes.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { CALLBACK_URL } from '../../test/test-ghes.js';
import { connect, signIn } from '../../test/test-vault.js';
import type { ConnectedTenant, Tenant } from '../../test/test-vault.js';
import type { FindOptionsWhere } from 'typeorm';
import { AuditRecordEntity } from '../audit/audit-record.entity.js';

const permissions = { contents: 'read' };
const scopeOf = ({ installationId }: ConnectedTenant) => ({ installationId, repositoryIds: [1], permissions });

describe('P5, P6, P8: a compromised caller', () => {
  const suite = useTestVault();
  let victim: ConnectedTenant;

  const newVictim = async () => {
    victim = await connect(suite.vault, suite.ghes);
    await signIn(suite.vault, suite.ghes, victim);
  };

  const records = (where: FindOptionsWhere<AuditRecordEntity>) =>
    suite.vault.database.getRepository(AuditRecordEntity).find({ where, order: { seq: 'ASC' } });

  describe('P5: an attacker with a shell in the worker', () => {
    beforeEach(newVictim);

    const deniedMethods: VaultMethod[] = [
      ...(['beginManifest', 'completeManifest', 'registerApp', 'deleteConnection', 'getWebhookSecrets'] as const),
      ...(['rotatePrivateKey', 'rotateClientSecret', 'rotateWebhookSecret'] as const),
      ...(['beginUserSignIn', 'completeUserSignIn', 'getUserAccount', 'endUserSignIn'] as const),
    ];

    it.each(deniedMethods)('attack: calls %s, which is denied and audited', async (method) => {
      const call = suite.vault.as['sync-worker'][method](victim as never);
      await expect(call).rejects.toMatchObject({ code: 'caller-denied', retryable: false });
      const last = (await records({ organizationId: '' })).at(-1);
      // The claims of a denied caller are recorded outside of any organization's chain.
      const scope = { organizationId: victim.organizationId };
      expect(last).toMatchObject({ caller: 'sync-worker', method, outcome: 'caller-denied', scope });
    });

    it('attack: gets narrowed tokens and tokens of signed-in users, each audited, and no other credential', async () => {
      const { organizationId, connectionId } = victim;
      const worker = suite.vault.as['sync-worker'];
      const answers = [
        await worker.getApp({ organizationId, connectionId }),
        await worker.listInstallations({ organizationId, connectionId }),
        await worker.mintInstallationToken({ organizationId, connectionId, ...scopeOf(victim) }),
        await worker.mintUserToken(victim),
      ];
      const everything = JSON.stringify(answers);
      const given = (await suite.ghes.secrets()).filter((secret) => everything.includes(secret));
      expect(given).toHaveLength(2);
      const tokens = await suite.ghes.secrets('installation-token', 'user-token');
      expect(tokens).toEqual(expect.arrayContaining(given));
      const unlimited = worker.mintInstallationToken({
        organizationId,
        connectionId,
        ...scopeOf(victim),
        permissions: {},
      });
      await expect(unlimited).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(worker.mintUserToken({ ...victim, subject: 'stranger' })).rejects.toMatchObject({
        code: 'user-signed-out',
      });
      const own = (await records({ organizationId })).filter(({ caller }) => caller === 'sync-worker');
      expect(own.map(({ method, outcome }) => `${method} ${outcome}`)).toEqual([
        'getApp ok',
        'listInstallations ok',
        'mintInstallationToken ok',
        'mintUserToken ok',
        'mintUserToken user-signed-out',
      ]);
      expect(own[2]?.scope).toEqual(scopeOf(victim));
      expect(own[3]?.scope).toEqual({ subject: victim.subject });
    });
  });

  describe('P8: an administrator of another tenant', () => {
    let admin: Tenant;
    beforeEach(async () => {
      await newVictim();
      admin = await connect(suite.vault, suite.ghes);
    });
    /** Asks as the api does when it acts for that organization, with the victim's connection. */
    const foreign = () => ({
      organizationId: admin.organizationId,
      connectionId: victim.connectionId,
      subject: admin.subject,
    });
    const app = {
      ...{ appId: 1, clientId: 'Iv1.0123456789abcdef', clientSecret: 'a client secret of ours', webhookSecret: '' },
      ...{ privateKey: 'a private key of ours, or what looks like it', requiredPermissions: {} },
    };
    const api = () => suite.vault.as.api;
    const worker = () => suite.vault.as['sync-worker'];
    const connection = () => ({ organizationId: admin.organizationId, connectionId: victim.connectionId });
    const calls: Partial<Record<VaultMethod, () => Promise<unknown>>> = {
      beginManifest: () => api().beginManifest({ ...foreign(), origin: suite.ghes.origin, owner: 'acme' }),
      registerApp: () => api().registerApp({ ...foreign(), origin: suite.ghes.origin, ...app }),
      getApp: () => api().getApp(connection()),
      listInstallations: () => api().listInstallations(connection()),
      forgetTokens: () => api().forgetTokens(connection()),
      deleteConnection: () => api().deleteConnection(foreign()),
      rotatePrivateKey: () => api().rotatePrivateKey({ ...foreign(), credential: app.privateKey }),
      rotateClientSecret: () => api().rotateClientSecret({ ...foreign(), credential: app.clientSecret }),
      rotateWebhookSecret: () => api().rotateWebhookSecret({ ...foreign(), credential: '' }),
      beginUserSignIn: () => api().beginUserSignIn({ ...foreign(), callbackUrl: CALLBACK_URL }),
      getUserAccount: () => api().getUserAccount(foreign()),
      endUserSignIn: () => api().endUserSignIn({ ...foreign(), subject: victim.subject }),
      mintInstallationToken: () => worker().mintInstallationToken({ ...connection(), ...scopeOf(victim) }),
      mintUserToken: () => worker().mintUserToken({ ...foreign(), subject: victim.subject }),
    };

    it.each(Object.entries(calls))('attack: gets from %s that there is no such connection', async (method, call) => {
      const asked = (await suite.ghes.requests()).length;
      const before = await records({ organizationId: victim.organizationId });
      await expect(call()).rejects.toMatchObject({ code: 'not-found', retryable: false });
      expect(await suite.ghes.requests()).toHaveLength(asked);
      expect(await records({ organizationId: victim.organizationId })).toEqual(before);
      const last = (await records({ organizationId: admin.organizationId })).at(-1);
      expect(last).toMatchObject({ method, outcome: 'not-found', connectionId: victim.connectionId });
    });

    it('attack: leaves the victim’s credentials unchanged', async () => {
      for (const call of Object.values(calls)) await call().catch(() => undefined);
      const { organizationId, connectionId } = victim;
      await expect(api().getApp({ organizationId, connectionId })).resolves.toMatchObject({ slug: victim.slug });
      await expect(api().getUserAccount(victim)).resolves.toMatchObject({ status: 'active' });
      await expect(worker().mintUserToken(victim)).resolves.toMatchObject({ login: 'mona' });
    });
  });

  describe('P6: an administrator of another tenant whose own server has the same ids', () => {
    let own: TestGhes;
    beforeAll(async () => {
      own = await TestGhes.start();
    });
    afterAll(() => own.stop());

    it('attack: receives no credential of the victim on that server', async () => {
      await newVictim();
      const admin = await connect(suite.vault, own);
      await signIn(suite.vault, own, admin);
      const mint = async (tenant: ConnectedTenant) => {
        const { organizationId, connectionId } = tenant;
        const request = { organizationId, connectionId, ...scopeOf(tenant) };
        return (await suite.vault.as['sync-worker'].mintInstallationToken(request)).token;
      };
      const users = [victim, admin, victim, admin];
      const tokens = await Promise.all(users.map(mint));
      const userTokens = await Promise.all(users.map((user) => suite.vault.as['sync-worker'].mintUserToken(user)));
      for (const [i, server] of [suite.ghes, own, suite.ghes, own].entries()) {
        const secrets = await server.secrets();
        expect(secrets).toContain(tokens[i]);
        expect(secrets).toContain(userTokens[i]?.token);
        expect(userTokens[i]?.origin).toBe(users[i] === admin ? own.origin : suite.ghes.origin);
      }
      await suite.vault.as.api.endUserSignIn(admin);
      await suite.vault.as.api.deleteConnection(admin);
      const sent = JSON.stringify(await own.requests());
      for (const secret of await suite.ghes.secrets()) expect(sent).not.toContain(secret);
    });
  });
});
