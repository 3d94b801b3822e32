import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@reunite/database';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { temporaryFolder } from '../../test/test-vault.js';
import { runCommand } from '../cli/run-command.js';
import { openVaultDatabase, vaultDatabase } from '../vault-database.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { AuditLog } from './audit-log.js';
import { ConnectionAudit } from './connection-audit.js';

describe('P5: the audit', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let log: AuditLog;
  let replica: AuditLog;

  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate(vaultDatabase(postgres.url('reunite_vault')));
    dataSource = await openVaultDatabase(postgres.url('reunite_vault'));
    log = new AuditLog(dataSource);
    replica = new AuditLog(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });

  const entry = (organizationId: string, method: string, caller = 'api') => ({
    organizationId,
    method,
    caller,
    connectionId: `con_${organizationId}`,
    scope: { b: 1, a: 'ä"' },
    outcome: 'ok',
  });
  const fill = async (organizationId: string, count: number) => {
    const entries = Array.from({ length: count }, (_, i) => entry(organizationId, `m${i + 1}`));
    await Promise.all(entries.map((one) => log.write(one)));
  };
  const command = async (...args: string[]) => {
    const lines: string[] = [];
    const config = { DATABASE_URL: postgres.url('reunite_vault'), KEK_URL: 'file:/none', KEK_PREVIOUS_URLS: [] };
    const code = await runCommand(
      args,
      () => config,
      (line) => lines.push(line),
    );
    return { code, lines };
  };
  const verify = async (organizationId: string) => {
    const { lines } = await command('audit', 'verify');
    return lines.find((line) => line.startsWith(`${organizationId}\t`))?.split('\t')[3];
  };
  /** Writes as the owner of the database, without triggers. */
  const tamper = async (...statements: string[]) => {
    for (const table of ['audit_record', 'audit_head']) {
      await dataSource.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    }
    for (const statement of statements) await dataSource.query(statement);
    for (const table of ['audit_record', 'audit_head']) {
      await dataSource.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    }
  };

  it('is one chain in the order of arrival, with concurrent writers', async () => {
    await Promise.all([
      ...Array.from({ length: 300 }, (_, i) => log.write(entry('busy', `log${i}`))),
      ...Array.from({ length: 300 }, (_, i) => replica.write(entry('busy', `replica${i}`))),
      ...Array.from({ length: 20 }, (_, i) =>
        dataSource.transaction((manager) => log.append(manager, entry('busy', `effect${i}`))),
      ),
    ]);
    await log.write(entry('busy', 'last'));
    expect(await verify('busy')).toBe('ok');
    const rows: { method: string }[] = await dataSource.query(
      `SELECT method FROM audit_record WHERE organization_id = 'busy' ORDER BY seq`,
    );
    expect(rows).toHaveLength(621);
    const ofLog = rows.map(({ method }) => method).filter((method) => /^log/.test(method));
    expect(ofLog).toEqual(Array.from({ length: 300 }, (_, i) => `log${i}`));
  });

  it('appends the other entries of a batch if the database rejects one', async () => {
    const entries = ['first', 'with a \0', 'third', 'fourth'].map((method) => log.write(entry('batch', method)));
    const results = await Promise.allSettled(entries);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await verify('batch')).toBe('ok');
  });

  it('appends conditional entries only if their connection is unchanged, and all other entries of the batch', async () => {
    const connections = dataSource.getRepository(ConnectionEntity);
    const connection = (name: string, change: Partial<ConnectedConnection> = {}) => {
      const row = { id: `con_${name}`, organizationId: 'conditional', origin: 'https://ghes', appId: 1, tokenEpoch: 0 };
      return connections.create({ ...row, ...change }) as ConnectedConnection;
    };
    const [unchanged, forgotten, deleted] = [connection('unchanged'), connection('forgotten'), connection('deleted')];
    await connections.insert([unchanged, forgotten, deleted]);
    await connections.increment({ id: forgotten.id }, 'tokenEpoch', 1);
    await connections.delete({ id: deleted.id });
    const depending = {
      unchanged,
      forgotten,
      deleted,
      otherOrigin: connection('unchanged', { origin: 'https://other' }),
      otherApp: connection('unchanged', { appId: 2 }),
    };

    // The first goes alone, and while it does, the others gather.
    const gathered = [
      log.write(entry('conditional', 'first')),
      log.writeIfUnchanged(unchanged, entry('conditional', 'unchanged')),
      log.writeIfUnchanged(forgotten, entry('conditional', 'forgotten')),
      log.writeIfUnchanged(deleted, entry('conditional', 'deleted')),
      log.write(entry('conditional', 'last')),
      replica.write(entry('conditional', 'by another replica')),
    ];
    expect(await Promise.all(gathered)).toEqual([undefined, true, false, false, undefined, undefined]);
    for (const [name, read] of Object.entries(depending)) {
      expect([name, await log.writeIfUnchanged(read, entry('conditional', name))]).toEqual([
        name,
        name === 'unchanged',
      ]);
    }
    await expect(log.writeIfUnchanged(unchanged, entry('other-tenant', 'unchanged'))).resolves.toBe(false);
    const rows: { method: string }[] = await dataSource.query(
      `SELECT method FROM audit_record WHERE organization_id IN ('conditional', 'other-tenant') ORDER BY method`,
    );
    expect(rows.map(({ method }) => method)).toEqual(['by another replica', 'first', 'last', 'unchanged', 'unchanged']);
    expect(await verify('conditional')).toBe('ok');
  });

  it('lists the changes of one connection, and counts its tokens', async () => {
    const audit = new ConnectionAudit(dataSource);
    const of = { organizationId: 'changes', connectionId: 'con_changes' };
    const write = (method: string, scope: object, outcome = 'ok') =>
      log.write({ ...entry('changes', method), scope, outcome });
    await write('rotatePrivateKey', { version: 2, subject: 'ada' });
    await write('mintInstallationToken', { installationId: 7, repositoryIds: [], permissions: { contents: 'read' } });
    await write('mintInstallationToken', { permissions: { administration: 'read' } }, 'ghes-validation');
    await write('getApp', { subject: 'ada' });
    await write('deleteConnection', { subject: 'ada' }, 'vault-internal');
    await log.write(entry('other', 'rotatePrivateKey'));

    const changes = await audit.changes(of, 0, 10);
    expect(changes.map(({ method, subject, details, outcome }) => [method, subject, details, outcome])).toEqual([
      ['deleteConnection', 'ada', {}, 'vault-internal'],
      ['rotatePrivateKey', 'ada', { version: '2' }, 'ok'],
    ]);
    expect(await audit.changes(of, changes[0]?.seq ?? 0, 10)).toEqual(changes.slice(1));
    const { lastDay, lastAt, permissions } = await audit.tokens(of);
    expect([lastDay, Object.keys(permissions)]).toEqual([1, ['contents']]);
    expect(lastAt).toBeInstanceOf(Date);
    expect(await audit.tokens({ ...of, organizationId: 'other' })).toEqual({
      lastDay: 0,
      lastAt: null,
      permissions: {},
    });
  });

  it('detects a changed record', async () => {
    await fill('changed', 5);
    await tamper(`UPDATE audit_record SET outcome = 'ok ' WHERE organization_id = 'changed' AND seq = 3`);
    expect(await verify('changed')).toBe('BROKEN: record 3 was changed');
  });

  it('detects removed records, including the last one and all of them', async () => {
    await fill('holed', 5);
    await fill('cut', 5);
    await fill('emptied', 5);
    await tamper(
      `DELETE FROM audit_record WHERE organization_id = 'holed' AND seq = 3`,
      `DELETE FROM audit_record WHERE organization_id = 'cut' AND seq = 5`,
      `DELETE FROM audit_record WHERE organization_id = 'emptied'`,
    );
    expect(await verify('holed')).toMatch('BROKEN: record 4 does not follow');
    expect(await verify('cut')).toMatch('BROKEN: record 5 is missing');
    expect(await verify('emptied')).toMatch('BROKEN: record 1 is missing');
  });

  it('detects reordered records', async () => {
    await fill('reordered', 5);
    await tamper(
      `UPDATE audit_record SET seq = 102 WHERE organization_id = 'reordered' AND seq = 2`,
      `UPDATE audit_record SET seq = 2 WHERE organization_id = 'reordered' AND seq = 3`,
      `UPDATE audit_record SET seq = 3 WHERE organization_id = 'reordered' AND seq = 102`,
    );
    expect(await verify('reordered')).toMatch(/^BROKEN: record 2 /);
  });

  it('detects a head that was moved back or removed', async () => {
    await fill('set-back', 3);
    await fill('headless', 3);
    await tamper(
      `UPDATE audit_head SET seq = 2 WHERE organization_id = 'set-back'`,
      `DELETE FROM audit_head WHERE organization_id = 'headless'`,
    );
    expect(await verify('set-back')).toMatch('BROKEN');
    expect(await verify('headless')).toMatch('BROKEN');
  });

  it('detects a chain that was rewritten as a whole by comparison with earlier heads', async () => {
    await fill('rewritten', 3);
    const folder = await temporaryFolder();
    const file = join(folder.path, 'heads');
    await writeFile(file, (await command('audit', 'verify')).lines.join('\n'));
    await tamper(
      `DELETE FROM audit_record WHERE organization_id = 'rewritten'`,
      `DELETE FROM audit_head WHERE organization_id = 'rewritten'`,
    );
    const rewriter = new AuditLog(dataSource);
    for (let i = 0; i < 3; i += 1) await rewriter.write(entry('rewritten', 'invented'));
    expect(await verify('rewritten')).toBe('ok');
    const { code, lines } = await command('audit', 'verify', '--heads', file);
    await folder.remove();
    expect(code).toBe(1);
    expect(lines).toContain('rewritten\tBROKEN: record 3 differs from the earlier copy');
  });

  it('the program cannot move back or remove a head', async () => {
    await fill('guarded', 2);
    for (const attempt of ['UPDATE audit_head SET seq = 1', 'DELETE FROM audit_head', 'TRUNCATE audit_head']) {
      await expect(dataSource.query(attempt)).rejects.toThrow(/ of vault\./);
    }
  });

  it('is listed by organization, connection, caller and time', async () => {
    await log.write(entry('listed', 'one', 'sync-worker'));
    await log.write(entry('listed', 'two', 'api'));
    const methods = async (...args: string[]) => {
      const { lines } = await command('audit', 'list', ...args);
      return lines.map((line) => (JSON.parse(line) as { method: string }).method);
    };
    expect(await methods('--organization', 'listed')).toEqual(['two', 'one']);
    expect(await methods('--connection', 'con_listed', '--caller', 'sync-worker')).toEqual(['one']);
    expect(await methods('--connection', 'con_listed', '--until', '2020-01-01')).toEqual([]);
    expect(await methods('--connection', 'con_listed', '--since', '2020-01-01', '--limit', '1')).toEqual(['two']);
  });

  it('prints its usage and explains invalid arguments', async () => {
    expect(await command('audit')).toMatchObject({ code: 2 });
    expect(await command('audit', 'list', '--since', 'yesterday')).toMatchObject({
      code: 1,
      lines: ['--since is not a time: yesterday'],
    });
    expect((await command('audit', 'verify', '--wrong')).lines[0]).toMatch("Unknown option '--wrong'");
  });
});
