import { describe, expect, it } from '@jest/globals';
import { settleStatus } from '@reunite/deployments';
import { VaultError } from '@reunite/vault-client';
import { seed } from '../test/seed.js';
import { useApi } from '../test/use-api.js';

describe('a connection that is deleted', () => {
  const stand = useApi();

  /** A connection with a commit whose build is pending on the server. @returns its address, to be deleted */
  const pending = async () => {
    const { dataSource } = stand.resources;
    const { connectionId, repositoryId, projectId } = await seed(dataSource, 'org_acme');
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       VALUES ($1, 'c1', $2, 'pending', 'Waiting to be built', now(), 'sent')`,
      [repositoryId, `Reunite (Docs ${projectId}): build`],
    );
    return { connectionId, path: `/v1/connections/${connectionId}?name=Server%20${connectionId}` };
  };

  it('is gone after a while, although nobody can tell its server', async () => {
    const { connectionId, path } = await pending();
    expect((await stand.call('DELETE', path)).status).toBe(204);
    expect(stand.vault.deleted).toContain(connectionId);
    expect((await stand.call('GET', `/v1/connections/${connectionId}`)).status).toBe(404);
  });

  it('stays while the vault is away, and nobody is told that it was deleted', async () => {
    const { path } = await pending();
    stand.vault.nextFailure = new VaultError('away', 'vault-unavailable');
    expect((await stand.call('DELETE', path)).status).toBe(503);
    const said = await stand.resources.dataSource.query('SELECT state FROM commit_status');
    expect(said).toEqual([{ state: 'pending' }]);
    expect((await stand.call('DELETE', path)).status).toBe(204);
  });

  it('leaves nothing pending on its server, while there are credentials to say so', async () => {
    const said: unknown[] = [];
    await stand.work(async () => {
      const rows = await stand.resources.dataSource.query<{ sequence: number; description: string }[]>(
        `SELECT sequence, state, description FROM commit_status WHERE settled_at IS NULL`,
      );
      for (const { sequence, ...row } of rows) {
        said.push({ ...row, deleted: stand.vault.deleted.length });
        await settleStatus(stand.resources.dataSource.manager, sequence, 'sent');
      }
      return null;
    }, ['sendCommitStatuses']);
    const deleted = stand.vault.deleted.length;
    const { path } = await pending();
    expect((await stand.call('DELETE', path)).status).toBe(204);
    expect(said).toEqual([{ state: 'error', description: 'The provider was deleted', deleted }]);
  });
});
