import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { RepositoryEntity } from '@reunite/repositories';
import { eventually } from '@reunite/testing';
import { followServer } from '../../test/live-vault.js';
import { pushPayload } from '../../test/project.js';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';
import { actor, deadline } from '../../test/written-repository.js';

const TIMEOUT_MS = 30_000;

describe('a project whose repository changes its identity on the server', () => {
  const worker = useWorker();
  let project: Project;
  let first: string;

  beforeEach(async () => {
    followServer(worker().vault, worker().ghes);
    await worker().start();
    project = await worker().connect();
    first = worker().ghes.git.push('main', { 'index.md': '# Ours' }).after;
    await project.reconcile();
    await eventually(() => project.hasDeployed(first));
  });

  const row = () =>
    worker().resources.dataSource.getRepository(RepositoryEntity).findOneByOrFail({ id: project.repositoryId });
  const refresh = () => worker().resources.producer.add(jobs.refreshConnection, { connectionId: project.connectionId });
  /** As if the last refresh were long ago: refreshes of the same seconds are combined. */
  const forgetRefresh = () => worker().resources.dataSource.query(`UPDATE connection SET refreshed_at = 'epoch'`);
  const isShown = (commit: string) => async () => (await project.current()).includes(`refs/heads/main ${commit}`);
  /** A public repository with another main, under the name. */
  const newcomer = async (name: string) => {
    const repository = await worker().ghes.create(name, false);
    const git = worker().ghes.repositoryAt(repository.full_name);
    return { repository, git, head: git.push('main', { 'index.md': '# Something else' }).after };
  };

  describe('when it is renamed', () => {
    it('syncs, deploys and reports the next push, whose delivery has the new name', async () => {
      await worker().ghes.move('manual');
      const moved = worker().ghes.git.push('main', { 'index.md': '# New' });
      await forgetRefresh();
      await project.deliver('push', { ...pushPayload(moved), repository: worker().ghes.repository });
      await eventually(() => project.hasDeployed(moved.after));
      await eventually(async () => (await worker().ghes.statusesOf(moved.after, 'build')).includes('success'));
      await eventually(async () => (await row()).name === 'manual');
      expect((await row()).formerName).toMatch(/^acme\/docs-/);
    });

    it('follows without any delivery', async () => {
      await worker().ghes.move('manual-2');
      const { after } = worker().ghes.git.push('main', { 'index.md': '# New' });
      await project.reconcile();
      await eventually(() => project.hasDeployed(after));
      expect(await row()).toMatchObject({ name: 'manual-2', reconcileError: null });
    });
  });

  describe('when its old name is taken by another repository', () => {
    let other: Awaited<ReturnType<typeof newcomer>>;

    beforeEach(async () => {
      const name = worker().ghes.repository.name;
      await worker().ghes.move(`${name}-old`);
      other = await newcomer(name);
      worker().vault.logins.set(actor.subject, 'octocat');
    });

    it('attack: nothing of the newcomer is read, and its own content is followed', async () => {
      const { after } = worker().ghes.git.push('main', { 'index.md': '# Ours, newer' });
      await project.reconcile();
      await eventually(() => project.hasDeployed(after));
      expect(await project.synced()).toEqual([`refs/heads/main ${after}`]);
      expect(await project.deployments(other.head)).toEqual([]);
    });

    it('attack: a branch that a user creates is created in its own repository', async () => {
      const payload = { repositoryId: project.repositoryId, name: 'from-editor', from: 'main' };
      const job = { ...payload, actor, deadline: deadline() };
      const { commit } = await worker().resources.producer.addAndWait(jobs.createBranch, job, TIMEOUT_MS);
      expect(commit).toBe(first);
      expect(worker().ghes.git.head('from-editor')).toBe(first);
      expect(other.git.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    });

    it('attack: a branch that a user deletes is deleted in its own repository', async () => {
      worker().ghes.git.push('topic', { 'topic.md': '# Ours' });
      other.git.push('topic', { 'topic.md': '# Theirs' });
      const job = { repositoryId: project.repositoryId, name: 'topic', actor, deadline: deadline() };
      await worker().resources.producer.addAndWait(jobs.deleteBranch, job, TIMEOUT_MS);
      expect(worker().ghes.git.head('topic')).toMatch(/^0+$/);
      expect(other.git.head('topic')).not.toMatch(/^0+$/);
    });
  });

  it('follows a renamed organization, whose event needs no subscription', async () => {
    await worker().ghes.renameOwner('acme2');
    try {
      await project.deliver('installation_target', { action: 'renamed', repository: undefined });
      await eventually(async () => (await row()).owner === 'acme2');
      const { after } = worker().ghes.git.push('main', { 'index.md': '# New' });
      await project.reconcile();
      await eventually(() => project.hasDeployed(after));
      await eventually(async () => (await worker().ghes.statusesOf(after, 'build')).includes('success'));
    } finally {
      await worker().ghes.renameOwner('acme');
    }
  });

  it('follows when the app is installed again, with the events lost', async () => {
    await worker().ghes.reinstall();
    const moved = worker().ghes.git.push('main', { 'index.md': '# New' });
    await forgetRefresh();
    await project.deliver('push', { ...pushPayload(moved), installation: { id: worker().ghes.installationId } });
    await eventually(() => project.hasDeployed(moved.after));
    await eventually(async () => (await worker().ghes.statusesOf(moved.after, 'build')).includes('success'));
    expect((await row()).installationId).toBe(worker().ghes.installationId);
  });

  it('shows a suspension and its end, with the events lost, and sends the statuses that were rejected', async () => {
    await worker().ghes.suspend(true);
    await refresh();
    await eventually(async () => (await row()).unavailableCause === 'suspended');
    await worker().ghes.suspend(false);
    const { after } = worker().ghes.git.push('main', { 'index.md': '# New' });
    await refresh();
    await eventually(() => project.hasDeployed(after));
    await eventually(async () => (await worker().ghes.statusesOf(after, 'build')).includes('success'));
    expect(await row()).toMatchObject({ available: true, unavailableCause: null });
  });

  it('reports that it was deleted, and reads nothing from a repository that is created under its name', async () => {
    const { name } = worker().ghes.repository;
    await worker().ghes.remove();
    const other = await newcomer(name);
    await project.reconcile();
    await refresh();
    await eventually(async () => (await row()).unavailableCause === 'not-found');
    expect(await isShown(first)()).toBe(true);
    expect(await project.deployments(other.head)).toEqual([]);
  });

  it('reports that it was transferred to an owner without the app', async () => {
    await worker().ghes.configure({ private: false });
    await worker().ghes.move(worker().ghes.repository.name, 'globex');
    await refresh();
    await eventually(async () => (await row()).unavailableCause === 'moved-away');
    expect(await row()).toMatchObject({ owner: 'globex' });
  });

  it('follows when it is transferred to another owner of the same app', async () => {
    const { id } = await worker().ghes.install('all', 'globex');
    await refresh();
    const { after } = worker().ghes.git.push('main', { 'index.md': '# Before the transfer' });
    await worker().ghes.move(worker().ghes.repository.name, 'globex');
    await forgetRefresh();
    await project.reconcile();
    await eventually(() => project.hasDeployed(after));
    await eventually(async () => (await worker().ghes.statusesOf(after, 'build')).includes('success'));
    expect(await row()).toMatchObject({ owner: 'globex', installationId: id, available: true });
  });

  it('follows when it becomes public and private', async () => {
    for (const isPrivate of [false, true]) {
      await worker().ghes.configure({ private: isPrivate });
      await refresh();
      await eventually(async () => (await row()).private === isPrivate);
    }
  });

  it('follows when the app is renamed', async () => {
    await worker().ghes.renameApp('Manuals');
    await refresh();
    const connections = worker().resources.dataSource.getRepository(ConnectionEntity);
    const slug = async () => (await connections.findOneByOrFail({ id: project.connectionId })).appSlug;
    await eventually(async () => (await slug()) === 'manuals');
    const { after } = worker().ghes.git.push('main', { 'index.md': '# New' });
    await project.reconcile();
    await eventually(() => project.hasDeployed(after));
  });

  it('reports that it was removed from the installation, and syncs again when it is added', async () => {
    await worker().ghes.install([]);
    await refresh();
    await eventually(async () => !(await row()).available);
    await worker().ghes.install('all');
    const { after } = worker().ghes.git.push('main', { 'index.md': '# New' });
    await refresh();
    await eventually(() => project.hasDeployed(after));
  });

  it('follows when it is archived and unarchived', async () => {
    await worker().ghes.configure({ archived: true });
    await project.reconcile();
    await eventually(async () => (await row()).archived);
    await worker().ghes.configure({ archived: false });
    await project.reconcile();
    await eventually(async () => !(await row()).archived);
  });

  it('follows a renamed default branch', async () => {
    await worker().ghes.configure({ defaultBranch: 'trunk' });
    const { after } = worker().ghes.git.push('trunk', { 'index.md': '# New' });
    await project.reconcile();
    const shown = async () => (await project.current()).includes(`refs/heads/trunk ${after}`);
    await eventually(shown, { withinMs: 20_000 });
  });

  it('closes a pull request that the server no longer has, and reconciles the others', async () => {
    const { git } = worker().ghes;
    for (const name of ['one', 'two']) git.push(name, { [`${name}.md`]: `# ${name}` });
    await worker().ghes.openPullRequest('one');
    await project.reconcile();
    const states = async () => {
      const sql = `SELECT number || ' ' || state AS line FROM pull_request WHERE repository_id = $1 ORDER BY number`;
      const rows = await worker().resources.dataSource.query<{ line: string }[]>(sql, [project.repositoryId]);
      return rows.map(({ line }) => line).join();
    };
    await eventually(async () => (await states()) === '1 open');
    await worker().ghes.forgetPullRequest(1);
    await worker().ghes.openPullRequest('two');
    await project.reconcile();
    await eventually(async () => (await states()) === '1 closed,2 open', { state: states });
  });
});
