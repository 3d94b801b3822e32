import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEntity, SelfTestEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { RepositoryEntity } from '@reunite/repositories';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { followServer } from '../../test/live-vault.js';
import type { Project } from '../../test/project.js';
import type { TestWorker } from '../../test/test-worker.js';
import { useWorker } from '../../test/use-worker.js';
import { actor, deadline } from '../../test/written-repository.js';

const TIMEOUT_MS = 30_000;

describe('the state that a connection and its projects show', () => {
  const current = useWorker();
  let worker: TestWorker;
  let project: Project;
  let first: string;

  beforeEach(async () => {
    worker = current();
    followServer(worker.vault, worker.ghes);
    worker.vault.webhookPing = { event: 'ping', statusCode: 202, status: 'OK' };
    const delivery = { event: 'ping', status: 'OK', statusCode: 202, deliveredAt: '2026-11-01T00:00:00Z' };
    worker.vault.webhook = { ...worker.vault.webhook, deliveries: [delivery] };
    await worker.start();
    project = await worker.connect();
    first = worker.ghes.git.push('main', { 'index.md': '# Ours' }).after;
    await project.reconcile();
    await eventually(() => project.hasDeployed(first));
  });

  const query = (sql: string, parameters: unknown[] = []) => worker.resources.dataSource.query(sql, parameters);
  const shown = (id = project.connectionId) =>
    worker.resources.dataSource.getRepository(ConnectionEntity).findOneByOrFail({ id });
  const refresh = (connectionId = project.connectionId) =>
    worker.resources.producer.add(jobs.refreshConnection, { connectionId });
  /** As if the last refresh were long ago: refreshes of the same seconds are combined. */
  const forgetRefresh = () => query(`UPDATE connection SET refreshed_at = 'epoch'`);
  const becomes = (status: string, reason: RegExp | null, id = project.connectionId) =>
    eventually(
      async () => {
        const { status: shownStatus, statusReason } = await shown(id);
        return shownStatus === status && (reason === null ? statusReason === null : reason.test(statusReason ?? ''));
      },
      { state: async () => JSON.stringify(await shown(id)) },
    );
  const createBranch = () => {
    const payload = { repositoryId: project.repositoryId, name: 'topic', from: 'main', actor, deadline: deadline() };
    return worker.resources.producer.addAndWait(jobs.createBranch, payload, TIMEOUT_MS);
  };
  /** The app's id, which connecting stores. */
  const connect = async () => {
    await refresh();
    await eventually(async () => (await shown()).appId !== null);
  };

  it('warns every connection of an app that is connected twice, also in another organization', async () => {
    await connect();
    const other = await worker.connect();
    await query(`UPDATE connection SET organization_id = 'org_2' WHERE id = $1`, [other.connectionId]);
    await refresh(other.connectionId);
    await becomes('connected', /Another provider uses the same app/, other.connectionId);
    await becomes('connected', /Another provider uses the same app/);
    expect((await shown()).statusReason).not.toContain('org_2');
    await query('DELETE FROM connection WHERE id = $1', [other.connectionId]);
    await refresh();
    await becomes('connected', null);
  });

  it('shows a lost private key after the first job that the server rejects, without a refresh by a user', async () => {
    await connect();
    await forgetRefresh();
    const { getApp } = worker.vault;
    const rejected = new VaultError('401: A JSON web token could not be decoded.', 'ghes-unauthorized');
    worker.vault.failure = rejected;
    worker.vault.getApp = () => Promise.reject(rejected);
    await project.reconcile();
    await becomes('broken', /no longer accepts the private key of the app\. Generate a new key/);
    worker.vault.failure = null;
    worker.vault.getApp = getApp;
    await refresh();
    await becomes('connected', null);
  });

  it('shows why a refresh failed for a passing reason, and clears it', async () => {
    await connect();
    worker.vault.failure = new VaultError('The server is unreachable.', 'ghes-unreachable');
    await refresh();
    await eventually(async () => (await shown()).refreshError === 'The server is unreachable.');
    expect((await shown()).status).toBe('connected');
    worker.vault.failure = null;
    await refresh();
    await eventually(async () => (await shown()).refreshError === null);
  });

  it('names what was deleted: the app, and not a pull request', async () => {
    const gone = new VaultError('404: Integration not found', 'ghes-not-found');
    worker.vault.issueInstallationToken = () => Promise.reject(gone);
    worker.vault.getApp = () => Promise.reject(gone);
    const message = expect.stringMatching(/^The app is no longer installed as installation \d+/);
    await expect(createBranch()).rejects.toMatchObject({ code: 'not-found', message });
    await forgetRefresh();
    await refresh();
    await becomes('broken', /^The app was deleted on the server\. Delete this provider/);
  });

  it('names the permission that was taken away, on the project and to a caller', async () => {
    worker.vault.missing.add('contents');
    const text = 'The app lacks a permission; it needs contents: read.';
    await project.reconcile();
    const row = () =>
      worker.resources.dataSource.getRepository(RepositoryEntity).findOneByOrFail({ id: project.repositoryId });
    await eventually(async () => (await row()).reconcileError?.startsWith(text) ?? false);
    const message = expect.stringContaining('it needs contents: write');
    await expect(createBranch()).rejects.toMatchObject({ code: 'forbidden', message });
  });

  it('names the archived repository or the suspended installation when it rejects a write, not a permission', async () => {
    await worker.ghes.configure({ archived: true });
    const archived = { code: 'forbidden', message: expect.stringContaining('is archived on the server') };
    await expect(createBranch()).rejects.toMatchObject(archived);
    await worker.ghes.configure({ archived: false });
    await worker.ghes.suspend(true);
    const suspended = { message: expect.stringMatching(/suspended/) };
    await expect(createBranch()).rejects.toMatchObject(suspended);
    await worker.ghes.suspend(false);
  });

  it('sends the statuses of a time without the permission, after the event about it was lost', async () => {
    await connect();
    worker.vault.missing.add('statuses');
    const { after } = worker.ghes.git.push('main', { 'index.md': '# Newer' });
    await project.reconcile();
    await eventually(() => project.hasDeployed(after));
    const rejected = () =>
      query(`SELECT 1 FROM commit_status WHERE commit = $1 AND outcome LIKE '%lacks a permission%'`, [after]);
    await eventually(async () => (await rejected()).length > 0);
    expect(await worker.ghes.statusesOf(after, 'build')).toEqual([]);
    worker.vault.missing.delete('statuses');
    await query(`UPDATE installation SET permissions = '{"contents":"read"}'`);
    await refresh();
    await eventually(async () => (await worker.ghes.statusesOf(after, 'build')).at(-1) === 'success');
  });

  it('explains an installation that waits for approval, until an owner approves it', async () => {
    await worker.ghes.uninstall();
    worker.vault.requests = [{ owner: 'acme', requestedBy: 'hubot', requestedAt: '2026-11-30T08:00:00Z' }];
    await refresh();
    await becomes(
      'connected',
      /installation on acme \(requested by hubot on 2026-11-30\) waits for approval\. Let an owner/,
    );
    expect((await shown()).installationRequests).toEqual(worker.vault.requests);
    worker.vault.requests = [];
    worker.ghes.installationId = (await worker.ghes.install('all')).id;
    await refresh();
    await becomes('connected', null);
    expect((await shown()).installationRequests).toEqual([]);
  });

  it('follows one app on several organizations and their enterprise, which has no repositories', async () => {
    await worker.ghes.createEnterprise('acme-group');
    const globex = await worker.ghes.install('all', 'globex');
    const enterprise = await worker.ghes.install('all', 'acme-group');
    await refresh();
    const owners = async () => {
      const rows = await query('SELECT DISTINCT owner FROM repository WHERE available ORDER BY owner');
      return (rows as { owner: string }[]).map(({ owner }) => owner).join();
    };
    await eventually(async () => (await owners()) === 'acme,globex', { state: owners });
    await becomes('connected', null);
    const mirrored = (await query('SELECT id FROM installation ORDER BY id')) as { id: string }[];
    expect(mirrored.map(({ id }) => Number(id))).toEqual([worker.ghes.installationId, globex.id, enterprise.id]);
    await worker.resources.producer.add(jobs.testConnection, { connectionId: project.connectionId });
    const tests = worker.resources.dataSource.getRepository(SelfTestEntity);
    const tested = await eventually(() => tests.findOneBy({ connectionId: project.connectionId }));
    const installations = tested.probes.find(({ name }) => name === 'installations');
    expect(installations?.evidence).toContain('acme, globex');
    expect(installations?.evidence).not.toContain('acme-group');
  });

  describe('when the webhook is not active', () => {
    const inactive = /did not send the delivery \(ping\) again in time/;

    beforeEach(async () => {
      await connect();
      worker.vault.webhookPing = { event: 'ping', statusCode: 0, status: '' };
    });

    it('the self-test warns, and the next one after its activation clears the warning', async () => {
      await worker.resources.producer.add(jobs.testConnection, { connectionId: project.connectionId });
      await becomes('connected', inactive);
      worker.vault.webhookPing = { event: 'ping', statusCode: 202, status: 'OK' };
      await query(`UPDATE connection_self_test SET tested_at = 'epoch'`);
      await refresh();
      await becomes('connected', null);
    });

    it('a reconciliation that finds changes without any delivery makes it show', async () => {
      worker.ghes.git.push('main', { 'index.md': '# Unannounced' });
      await project.reconcile();
      await becomes('connected', inactive);
    });
  });

  it('follows a pull request back to an older state after the server was restored from a backup', async () => {
    worker.ghes.git.push('topic', { 'topic.md': '# Topic' });
    await worker.ghes.openPullRequest('topic');
    await project.reconcile();
    const state = async () =>
      ((await query('SELECT state FROM pull_request')) as { state: string }[]).map((row) => row.state).join();
    await eventually(async () => (await state()) === 'open');
    // Merged after the backup, at a time that the restored server has not reached.
    await query(
      `UPDATE pull_request SET state = 'merged', updated_at = date_trunc('second', now()) + interval '1 hour'`,
    );
    await query(`UPDATE repository SET pull_requests_read_to = now() + interval '1 hour'`);
    await project.reconcile();
    await eventually(async () => (await state()) === 'open', { state });
    await worker.ghes.advanceClock(1);
    await worker.ghes.editPullRequest(1, { state: 'closed' });
    await project.reconcile();
    await eventually(async () => (await state()) === 'closed', { state });
  });
});
