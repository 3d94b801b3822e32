import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { onBothQueues } from '../../test/use-worker.js';
import { Gate, waitingContent } from '../../test/slow-parts.js';
import { TASK_FOLDERS } from '../../test/task-folders.js';
import { IsolatedProcesses } from '../builds/isolation/isolated-processes.js';

onBothQueues((worker) => {
  it('records why a sync fails, and syncs after the cause is resolved', async () => {
    await worker().start();
    const project = await worker().connect();
    const suspended = new VaultError('The installation is suspended.', 'ghes-suspended');
    worker().vault.failure = suspended;
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(async () => (await project.syncError()) === suspended.message);
    // Sweeps skip permanent errors; the next reconciliation retries them.
    expect(await worker().sweep()).not.toContainEqual({ refId: (await project.main())?.id });
    worker().vault.failure = null;
    await project.reconcile();
    await eventually(() => project.hasDeployed(pushed.after));
    expect(await project.syncError()).toBeNull();
  });

  it('waits for the end of a rate limit, and reports it meanwhile', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await worker().ghes.faultEverywhere({ kind: 'primary-limit', seconds: 1, count: 100 });
    await project.deliverPush(pushed);
    await eventually(async () => /API rate limit exceeded.* Wait\./.test((await project.syncError()) ?? ''), {
      state: () => project.syncError(),
    });
    await worker().ghes.clearFaults();
    await eventually(() => project.hasDeployed(pushed.after));
    expect(await project.syncError()).toBeNull();
  });

  it('fails a build that exceeds its timeout, without a retry', async () => {
    const processes = new IsolatedProcesses({ timeoutSeconds: 1, memoryMb: 512, folders: TASK_FOLDERS });
    await worker().start(() => ({ processes }));
    const project = await worker().connect();
    // The parser blocks for many seconds on this page.
    const pushed = worker().ghes.git.push('main', { 'index.md': '['.repeat(2_000_000) });
    await project.deliverPush(pushed);
    for (const check of ['lint', 'links'] as const) {
      await eventually(async () => (await worker().ghes.statusesOf(pushed.after, check)).includes('error'));
    }
    const [deployment] = await project.deployments(pushed.after);
    expect(deployment).toMatchObject({ state: 'timed_out', reason: expect.stringContaining('longer than 1 s') });
    expect(await worker().ghes.statusesOf(pushed.after, 'build')).toEqual(['pending', 'failure']);
    expect(await worker().ghes.statusesOf(pushed.after, 'links')).toEqual(['pending', 'error']);
    expect(await worker().sweep()).not.toContainEqual(expect.objectContaining({ deploymentId: deployment!.id }));
  });

  it('deletes a connection while one of its syncs finishes, without an error in either', async () => {
    const gate = new Gate();
    await worker().start(({ content }) => ({
      content: waitingContent(content, gate.arrive),
    }));
    const project = await worker().connect({ rootFolder: 'docs' });
    await project.deliverPush(worker().ghes.git.push('main', { 'docs/index.md': '# Welcome' }));
    await eventually(() => gate.arrived);
    const { dataSource } = worker().resources;
    const deletion = dataSource.query('DELETE FROM connection WHERE id = $1', [project.connectionId]);
    await eventually(
      async () => (await dataSource.query<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0,
    );
    gate.open();
    await deletion;
    expect(await project.synced()).toEqual([]);
    expect(worker().warnings).toEqual([]);
  });

  it('drops the jobs of a deleted connection without a warning', async () => {
    await worker().start();
    const project = await worker().connect();
    const { repositoryId, connectionId } = project;
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await worker().ghes.faultEverywhere({ pause: 'request', status: 500 });
    await worker().ghes.faultEverywhere({ status: 500, count: 100 });
    await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.paused()) > 0);
    await worker().resources.dataSource.query('DELETE FROM connection WHERE id = $1', [connectionId]);
    await worker().ghes.resume();
    const { producer } = worker().resources;
    await producer.add(jobs.reconcileRepository, { repositoryId });
    await producer.add(jobs.refreshConnection, { connectionId });
    await producer.add(jobs.sendCommitStatuses, { repositoryId, commit: 'c1', context: 'build' });
    const branches = producer.addAndWait(jobs.listBranches, { repositoryId }, 10_000);
    await expect(branches).rejects.toMatchObject({ code: 'not-found' });
    await eventually(async () =>
      (
        await Promise.all(['reconciliation', 'connections', 'commit-statuses'].map((name) => producer.depth(name)))
      ).every((depth) => depth === 0),
    );
    expect(
      worker().warnings.filter((line) => !line.includes('ghes-server-error') && !line.includes('list-branches')),
    ).toEqual([]);
  });
});
