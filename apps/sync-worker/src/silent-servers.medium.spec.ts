import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import type { FakeVault } from '@reunite/testing';
import { onBothQueues } from '../test/use-worker.js';
import { SilentServer } from '../test/silent-server.js';

const SILENT_SERVERS = 10;
const COMMIT = 'c'.repeat(40);

/** Returns the vault with tokens for two servers: those of the given connections are for `origin`. */
function forTwoServers(vault: FakeVault, connectionIds: ReadonlySet<string>, origin: string): FakeVault {
  const mintInstallationToken: FakeVault['mintInstallationToken'] = async (request) => ({
    ...(await vault.mintInstallationToken(request)),
    origin: connectionIds.has(request.connectionId) ? origin : vault.origin,
  });
  return Object.assign(Object.create(vault) as FakeVault, { mintInstallationToken });
}

onBothQueues((worker) => {
  it('attack: ten silent servers hold no database connection, even if there is only one', async () => {
    const silent = await SilentServer.start();
    try {
      const { dataSource, producer } = worker().resources;
      const projects = await Promise.all(
        Array.from({ length: SILENT_SERVERS }, () => worker().connect({ origin: silent.origin })),
      );
      const connectionIds = new Set(projects.map(({ connectionId }) => connectionId));
      const { vault, ghes } = worker();
      const installation = {
        id: ghes.installationId,
        owner: 'acme',
        ownerType: 'Organization',
        repositorySelection: 'all',
      };
      vault.installations = [{ ...installation, permissions: {}, suspended: false }];
      worker().vault = forTwoServers(vault, connectionIds, silent.origin);
      await worker().start(() => ({}), { DATABASE_POOL_SIZE: 1 });
      // A server that never answered is limited to the slots for slow ones: the honest one has answered before.
      const honest = await worker().connect();
      await honest.deliverPush(ghes.git.push('main', { 'index.md': '# Welcome' }));
      await eventually(() => honest.hasDeployed(ghes.git.head('main')));
      for (const project of projects) {
        const { repositoryId, connectionId } = project;
        await dataSource.query('UPDATE connection SET organization_id = id WHERE id = $1', [connectionId]);
        await dataSource.query(
          `INSERT INTO commit_status (repository_id, commit, context, state, description)
           VALUES ($1, $2, 'build', 'pending', '')`,
          [repositoryId, COMMIT],
        );
        await producer.add(jobs.sendCommitStatuses, { repositoryId, commit: COMMIT, context: 'build' });
        await producer.add(jobs.refreshConnection, { connectionId });
        await producer.add(jobs.mirrorPullRequest, { repositoryId, number: 1 });
        await project.deliver('create', { ref: 'topic', ref_type: 'branch' });
      }
      await eventually(() => new Set(silent.paths).size >= 4, { state: () => silent.paths });
      await setTimeout(2_000);
      const open = await dataSource.query<unknown[]>(
        `SELECT query FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND xact_start < now() - interval '1.5 seconds'`,
      );
      expect(open).toEqual([]);
      const push = ghes.git.push('main', { 'index.md': '# Welcome back' });
      const { after } = push;
      await honest.deliverPush(push);
      await eventually(() => honest.hasDeployed(after));
      await eventually(async () => (await ghes.statusesOf(after, 'build')).includes('success'));
      const { full_name: name, id } = ghes.repository;
      expect([...new Set(silent.paths)].sort()).toEqual([
        `/${name}.git/git-upload-pack`,
        '/installation/repositories',
        `/repositories/${id}/pulls/1`,
        `/repositories/${id}/statuses/${COMMIT}`,
      ]);
    } finally {
      await worker().close();
      await silent.stop();
    }
  });
});
