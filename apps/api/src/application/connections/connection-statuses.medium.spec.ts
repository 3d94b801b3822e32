import { describe, expect, it } from '@jest/globals';
import { settleStatus } from '@reunite/deployments';
import { VaultError } from '@reunite/vault-client';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('a connection that is deleted', () => {
  const api = useApi();

  /** A connection with a commit whose build is pending on the server. @returns its address, to be deleted */
  const pending = async () => {
    const { dataSource } = api.resources;
    const { connectionId, repositoryId, projectId } = await seed(dataSource, 'org_acme');
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       VALUES ($1, 'c1', $2, 'pending', 'Waiting to be built', now(), 'sent')`,
      [repositoryId, `Reunite (Docs ${projectId}): build`],
    );
    return { connectionId, path: `/v1/connections/${connectionId}?name=Server%20${connectionId}` };
  };

  it('is deleted after the timeout if its server is unreachable', async () => {
    const { connectionId, path } = await pending();
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect(api.vault.deleted).toContain(connectionId);
    expect((await api.call('GET', `/v1/connections/${connectionId}`)).status).toBe(404);
  });

  it('stays while the vault is unavailable, and finalizes no status', async () => {
    const { path } = await pending();
    api.vault.nextFailure = new VaultError('away', 'vault-unavailable');
    expect((await api.call('DELETE', path)).status).toBe(503);
    const statuses = await api.resources.dataSource.query('SELECT state FROM commit_status');
    expect(statuses).toEqual([{ state: 'pending' }]);
    expect((await api.call('DELETE', path)).status).toBe(204);
  });

  it('finalizes its pending statuses on the server while it has credentials', async () => {
    const statuses: unknown[] = [];
    await api.work(async () => {
      const rows = await api.resources.dataSource.query<{ sequence: number; description: string }[]>(
        `SELECT sequence, state, description FROM commit_status WHERE settled_at IS NULL`,
      );
      for (const { sequence, ...row } of rows) {
        statuses.push({ ...row, deleted: api.vault.deleted.length });
        await settleStatus(api.resources.dataSource.manager, sequence, 'sent');
      }
      return null;
    }, ['sendCommitStatuses']);
    const deleted = api.vault.deleted.length;
    const { path } = await pending();
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect(statuses).toEqual([{ state: 'error', description: 'The provider was deleted', deleted }]);
  });
});
