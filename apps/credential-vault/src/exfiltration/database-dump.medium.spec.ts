import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DIRECT_PROFILE } from '@reunite/ghes-client';
import { dump, restore, textOf } from '../../test/dump.js';
import type { Dump } from '../../test/dump.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { CALLBACK_URL } from '../../test/test-ghes.js';
import { connect, newTenant, signIn } from '../../test/test-vault.js';
import type { ConnectedTenant, Tenant } from '../../test/test-vault.js';
import type { CredentialKind } from '../envelope/envelope.js';

/** All but references to keys of a key service, which this vault does not have. */
type DatabaseCredential = Exclude<CredentialKind, 'signing-key'>;

describe('P5, P6, P8: an attacker at the vault’s database', () => {
  const suite = useTestVault();
  let victim: ConnectedTenant;

  const newVictim = async () => {
    victim = await connect(suite.vault, suite.ghes);
    await signIn(suite.vault, suite.ghes, victim);
  };

  const query = (sql: string, values: unknown[] = []) => suite.vault.database.query<unknown>(sql, values);
  const expire = () =>
    query('UPDATE user_account SET expires_at = now() WHERE connection_id = $1', [victim.connectionId]);

  describe('P5: with a dump of the database', () => {
    beforeEach(newVictim);

    it('attack: finds no secret in any table or in the log, in whatever encoding', async () => {
      const { organizationId, connectionId, subject } = victim;
      const scope = { installationId: victim.installationId, repositoryIds: [1], permissions: { contents: 'read' } };
      await suite.vault.as['sync-worker'].mintInstallationToken({ organizationId, connectionId, ...scope });
      await suite.vault.as['sync-worker'].mintUserToken(victim);
      await expire();
      await suite.vault.as['sync-worker'].mintUserToken(victim);
      await suite.vault.as.api.rotateWebhookSecret({ organizationId, connectionId, subject, credential: '' });
      const { authorizeUrl } = await suite.vault.as.api.beginUserSignIn({ ...victim, callbackUrl: CALLBACK_URL });
      const state = new URL(authorizeUrl).searchParams.get('state') ?? '';

      const dumped = await dump(suite.vault.database);
      expect([...dumped.keys()]).toEqual(
        expect.arrayContaining([
          'connection',
          'credential',
          'manifest_flow',
          'sign_in_flow',
          'user_account',
          'audit_record',
        ]),
      );
      const everything = `${textOf(dumped)}\n${suite.vault.log.join('\n')}`;
      const ring = JSON.parse(await readFile(fileURLToPath(suite.vault.config.KEK_URL), 'utf8')) as {
        keys: { key: string }[];
      };
      const secrets = [...(await suite.ghes.secrets()), state];
      expect(secrets.length).toBeGreaterThan(10);
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThanOrEqual(20);
        const bytes = Buffer.from(secret);
        for (const form of [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]) {
          expect(everything.includes(form)).toBe(false);
        }
      }
      for (const { key } of ring.keys) {
        expect(everything.includes(key)).toBe(false);
        expect(everything.includes(Buffer.from(key, 'base64').toString('latin1'))).toBe(false);
      }
    });
  });

  describe('P5, P6, P8: with write access to the database', () => {
    /** Makes the vault use a credential of the victim's connection. */
    const uses: Record<DatabaseCredential, () => Promise<unknown>> = {
      'webhook-secret': () =>
        suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId: victim.connectionId }),
      'private-key': () => {
        const { organizationId, connectionId } = victim;
        return suite.vault.as.api.getApp({ organizationId, connectionId });
      },
      'client-secret': async () => {
        await expire();
        return suite.vault.as['sync-worker'].mintUserToken(victim);
      },
      'user-access-token': () => suite.vault.as['sync-worker'].mintUserToken(victim),
      'user-refresh-token': async () => {
        await expire();
        return suite.vault.as['sync-worker'].mintUserToken(victim);
      },
      'connection-profile': () => {
        const { organizationId, connectionId } = victim;
        return suite.vault.as['sync-worker'].getConnectionProfile({ organizationId, connectionId });
      },
      'pkce-verifier': () => suite.vault.as.api.completeUserSignIn({ ...victim, ...came, issuer: '' }),
    };
    let came: { code: string; state: string };
    let sibling: Tenant;
    const prepare = async () => {
      await newVictim();
      // All credentials of a user, for two users of one organization and for two of its connections.
      sibling = await connect(suite.vault, suite.ghes, {
        ...newTenant(victim.organizationId),
        subject: victim.subject,
      });
      await signIn(suite.vault, suite.ghes, sibling);
      const profile = {
        ...DIRECT_PROFILE,
        noProxy: [],
        gatewayHeaderName: 'x-key',
        gatewayHeaderValue: 'A'.repeat(32),
      };
      await suite.vault.as.api.replaceConnectionProfile({ ...victim, profile });
      await suite.vault.as.api.replaceConnectionProfile({ ...sibling, profile });
      const colleague = { ...victim, subject: 'colleague' };
      await signIn(suite.vault, suite.ghes, colleague);
      const begin = (user: Tenant) => suite.vault.as.api.beginUserSignIn({ ...user, callbackUrl: CALLBACK_URL });
      const [{ authorizeUrl }] = await Promise.all([begin(victim), begin(sibling), begin(colleague)]);
      came = await suite.ghes.authorize(authorizeUrl, 'mona');
    };

    const kinds = Object.keys(uses) as DatabaseCredential[];
    const personal: readonly CredentialKind[] = ['pkce-verifier', 'user-access-token', 'user-refresh-token'];
    const subjectOf = (kind: CredentialKind) => (personal.includes(kind) ? victim.subject : '');
    /** Puts what is sealed in one row into the victim's row of the kind. */
    const copy = (kind: CredentialKind, from: { connectionId?: string; kind?: string; subject?: string }) =>
      query(
        `UPDATE credential AS target SET kek_id = source.kek_id, kek_version = source.kek_version,
          wrapped_dek = source.wrapped_dek, nonce = source.nonce, ciphertext = source.ciphertext, tag = source.tag
        FROM credential AS source
        WHERE (target.connection_id, target.kind, target.subject) = ($1, $2, $3)
          AND (source.connection_id, source.kind, source.subject) = ($4, $5, $6)
        RETURNING target.kind`,
        [
          ...[victim.connectionId, kind, subjectOf(kind)],
          ...[from.connectionId ?? victim.connectionId, from.kind ?? kind, from.subject ?? subjectOf(kind)],
        ],
      );
    const rebind = async (column: string, value: string) => {
      await query('ALTER TABLE connection DISABLE TRIGGER connection_immutable');
      await query(`UPDATE connection SET ${column} = $2 WHERE id = $1`, [victim.connectionId, value]);
      await query('ALTER TABLE connection ENABLE TRIGGER connection_immutable');
    };
    const moves: Record<string, (kind: CredentialKind) => Promise<unknown>> = {
      connection: (kind) => copy(kind, { connectionId: sibling.connectionId }),
      kind: (kind) => {
        const other = personal.includes(kind) ? 'user-access-token' : 'client-secret';
        const another = personal.includes(kind) ? 'user-refresh-token' : 'private-key';
        return copy(kind, { kind: kind === other ? another : other });
      },
      subject: (kind) => copy(kind, { subject: 'colleague' }),
      version: (kind) =>
        query('UPDATE credential SET version = version + 7 WHERE connection_id = $1 AND kind = $2', [
          victim.connectionId,
          kind,
        ]),
      host: () => rebind('origin', 'http://127.0.0.1:1'),
      organization: async () => {
        await rebind('organization_id', 'another');
        await query(`UPDATE sign_in_flow SET organization_id = 'another' WHERE connection_id = $1`, [
          victim.connectionId,
        ]);
        victim = { ...victim, organizationId: 'another' };
      },
    };
    const matrix = kinds.flatMap((kind) =>
      Object.keys(moves)
        .filter((move) => move !== 'subject' || personal.includes(kind))
        .map((move) => [kind, move] as const),
    );

    describe('that moves rows', () => {
      let untouched: Dump;
      let owner: ConnectedTenant;
      beforeAll(async () => {
        await prepare();
        [untouched, owner] = [await dump(suite.vault.database), victim];
      });
      beforeEach(async () => {
        victim = owner;
        await query('DELETE FROM connection WHERE id = $1', [victim.connectionId]);
        await restore(suite.vault.database, untouched, victim.connectionId);
      });

      it.each(matrix)('attack: the %s of another %s does not decrypt', async (kind, move) => {
        await moves[move]?.(kind);
        const asked = (await suite.ghes.requests()).length;
        await expect(uses[kind]()).rejects.toMatchObject({ code: 'credential-undecryptable', retryable: false });
        expect(await suite.ghes.requests()).toHaveLength(asked);
      });
    });

    it.each(kinds)('the unchanged %s is used', async (kind) => {
      await prepare();
      await expect(uses[kind]()).resolves.toBeDefined();
    });
  });
});
