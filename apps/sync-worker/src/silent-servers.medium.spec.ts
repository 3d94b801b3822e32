import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import type { FakeVault } from '@reunite/testing';
import { FakeGhes } from '../test/fake-ghes.js';
import { onBothQueues } from '../test/on-both-queues.js';
import { Project } from '../test/project.js';

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
    const silent = await FakeGhes.start();
    const asked = new Set<string>();
    silent.interfere = ({ url }) => {
      asked.add(url?.replace(/^\/api\/v3|\?.*$/g, '') ?? '');
      return true;
    };
    try {
      const { dataSource, producer } = worker().resources;
      const projects = await Promise.all(
        Array.from({ length: SILENT_SERVERS }, () => Project.connect(worker().resources, silent, {})),
      );
      const connectionIds = new Set(projects.map(({ connectionId }) => connectionId));
      const { vault, ghes } = worker();
      const installation = { id: 7, owner: 'acme', ownerType: 'Organization', repositorySelection: 'all' };
      vault.installations = [{ ...installation, permissions: {}, suspended: false }];
      worker().vault = forTwoServers(vault, connectionIds, silent.origin);
      await worker().start(() => ({}), { DATABASE_POOL_SIZE: 1 });
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
      await eventually(() => asked.size >= 4, { state: () => [...asked] });
      const [open] = await dataSource.query<{ count: number }[]>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'`,
      );
      expect(open).toEqual({ count: 0 });
      const honest = await worker().connect();
      const { after } = ghes.git.push('main', { 'index.md': '# Welcome' });
      await honest.deliverPush({ ref: 'refs/heads/main', before: '0'.repeat(40), after });
      await eventually(() => honest.hasDeployed(after));
      await eventually(() => ghes.statusesOf(after, 'build').includes('success'));
      expect([...asked].sort()).toEqual([
        '/acme/docs.git/git-upload-pack',
        '/installation/repositories',
        '/repos/acme/docs/pulls/1',
        `/repos/acme/docs/statuses/${COMMIT}`,
      ]);
    } finally {
      await worker().close();
      await silent.stop();
    }
  });
});
