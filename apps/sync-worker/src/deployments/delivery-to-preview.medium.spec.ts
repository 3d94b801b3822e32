import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { shardOf } from '@reunite/deliveries';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { onBothQueues } from '../../test/use-worker.js';

onBothQueues((worker) => {
  it('turns a push into synced content, a site and statuses', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', {
      'index.md': '# Welcome',
      'guides/first.md': '# First steps',
      'redocly.yaml': 'markdown: { editPage: {} }\n',
    });
    const delivery = await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('success'));

    const [deployment] = await project.deployments(pushed.after);
    expect(deployment).toMatchObject({ state: 'success', reason: null });
    expect(await worker().artifact(deployment!.id, 'index.html')).toContain('Welcome');
    expect(await worker().artifact(deployment!.id, 'guides/first/index.html')).toContain('First steps');
    const { origin, repository } = worker().ghes;
    expect(await worker().artifact(deployment!.id, 'guides/first/index.html')).toContain(
      `href="${origin}/acme/${repository.name}/edit/main/guides/first.md"`,
    );
    const statuses = await worker().ghes.statuses();
    expect(statuses.filter(({ context }) => context.endsWith('build'))).toMatchObject([
      { sha: pushed.after, state: 'pending', context: `Reunite (${project.id}): build` },
      {
        state: 'success',
        description: '2 pages built',
        target_url: `http://console.localhost/deployments/${deployment!.id}`,
      },
    ]);
    expect(await project.outcome(delivery)).toBe('Branch main will be synced to its commit on the server');
    expect(await project.syncError()).toBeNull();
    expect(worker().warnings).toEqual([]);
  });

  it('sends each request with a token for this repository and purpose only', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('success'));
    const { id } = worker().ghes.repository;
    expect(await worker().ghes.grants()).toEqual([`${id} {"contents":"read"}`, `${id} {"statuses":"write"}`]);
  });

  it('previews a pull request, and removes the preview when it is closed', async () => {
    await worker().start();
    const project = await worker().connect();
    await project.deliverPush(worker().ghes.git.push('main', { 'index.md': '# Welcome' }));
    const { after } = worker().ghes.git.push('topic', { 'index.md': '# Changed' });
    await project.deliverPullRequest('opened', await worker().ghes.openPullRequest('topic'));
    await eventually(async () => (await worker().ghes.statusesOf(after, 'preview')).includes('success'));
    const [deployment] = await project.deployments(after);
    const statuses = await worker().ghes.statuses();
    expect(statuses.find(({ context }) => context.endsWith('preview'))?.target_url).toBe(
      `http://${deployment!.id.replace('_', '-')}.preview.localhost/`,
    );
    expect(await worker().artifact(deployment!.id, 'index.html')).toContain('Changed');
    await worker().ghes.advanceClock(1);
    await project.deliverPullRequest('closed', await worker().ghes.editPullRequest(1, { state: 'closed' }));
    await eventually(() => project.hasDeployed(after, 'removed'));
    await eventually(() => !worker().hasArtifact(deployment!.id));
  });

  it('fails a deployment if none of its pages can be built, with the reason', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'openapi.yaml': 'openapi: 3.1.0\npaths: [\n' });
    await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('failure'));
    const [deployment] = await project.deployments(pushed.after);
    expect(deployment).toMatchObject({ state: 'failed', reason: expect.stringContaining('openapi.yaml') });
    const errors = (await project.log(deployment!.id)).filter((line) => line.startsWith('error'));
    expect(errors).toEqual([expect.stringMatching(/^error openapi\.yaml .+/)]);
    expect(worker().hasArtifact(deployment!.id)).toBe(false);
  });

  it('builds the other pages of a deployment with a page that cannot be built', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', {
      'index.md': '# Welcome',
      'openapi.yaml': 'openapi: 3.1.0\npaths: [\n',
    });
    await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('success'));
    const [deployment] = await project.deployments(pushed.after);
    expect(await worker().artifact(deployment!.id, 'index.html')).toContain('Welcome');
    const errors = (await project.log(deployment!.id)).filter((line) => line.startsWith('error'));
    expect(errors).toEqual([expect.stringMatching(/^error openapi\.yaml .+/)]);
  });

  it('fails a deployment of a missing folder, with the reason', async () => {
    await worker().start();
    const project = await worker().connect({ rootFolder: 'guides' });
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('failure'));
    const [deployment] = await project.deployments(pushed.after);
    expect(deployment!.reason).toContain(`There is no folder "guides" at ${pushed.after.slice(0, 7)}.`);
    expect(await project.log(deployment!.id)).toContain(`error ${deployment!.reason!}`);
  });

  it('applies a delivery once, however often it comes (P2)', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    const again = () => project.wakeWorker();
    await Promise.all([again(), again()]);
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('success'));
    await again();
    // A manual redelivery has another id and the same push.
    const copy = await project.deliverPush(pushed);
    await eventually(async () => (await project.outcome(copy)) === 'Branch main is up to date');
    expect(await project.deployments(pushed.after)).toHaveLength(1);
    expect(await worker().ghes.statusesOf(pushed.after, 'build')).toEqual(['pending', 'success']);
  });

  it('marks a malformed delivery as failed, with the reason, and continues', async () => {
    await worker().start();
    const project = await worker().connect();
    const delivery = await project.deliver('push', { ref: 'refs/heads/main', before: 'x' });
    await eventually(async () => (await project.outcome(delivery))?.includes('before: is not a commit id') ?? false);
    expect(await worker().sweep()).not.toContainEqual({ shard: shardOf(project.connectionId) });
  });

  it('mirrors what the App reaches, and stores why it cannot', async () => {
    await worker().start();
    const { connectionId } = await worker().connect();
    const { dataSource, producer } = worker().resources;
    const connection = async () => {
      const [row] = await dataSource.query<{ text: string }[]>(
        `SELECT concat_ws(' ', (SELECT count(*) FROM installation WHERE connection_id = connection.id), status, status_reason, (SELECT string_agg(name, ' ' ORDER BY name) FROM repository
           WHERE connection_id = connection.id AND available)) AS text FROM connection WHERE id = $1`,
        [connectionId],
      );
      return row?.text;
    };
    const refreshed = async (expected: string) => {
      await producer.add(jobs.refreshConnection, { connectionId });
      await eventually(async () => (await connection()) === expected, { state: connection });
    };
    const installation = {
      id: worker().ghes.installationId,
      owner: 'acme',
      ownerType: 'Organization',
      repositorySelection: 'all',
      permissions: {},
    };
    worker().vault.installations = [{ ...installation, suspended: false }];
    const { ghes } = worker();
    const { name } = ghes.repository;
    await ghes.install([name, 'empty']);
    await refreshed(`1 connected ${name} empty`);
    await ghes.move(`${name}-renamed`);
    await ghes.install([`${name}-renamed`]);
    await refreshed(`1 connected ${name}-renamed`);
    worker().vault.failure = new VaultError('The key is not accepted.', 'ghes-unauthorized');
    const rejected = 'The server no longer accepts the private key of the app.';
    await refreshed(
      `1 broken ${rejected} Generate a new key on the page of the app, and enter it here. ${name}-renamed`,
    );
    worker().vault.failure = null;
    worker().vault.installations = [{ ...installation, suspended: true }];
    await refreshed('1 connected');
    worker().vault.installations = [];
    await refreshed('0 connected');
    // As when the API died between the vault's exchange and its own record.
    await dataSource.query(`UPDATE connection SET status = 'pending', app_id = NULL WHERE id = $1`, [connectionId]);
    await refreshed('0 connected');
    const [row] = await dataSource.query<{ app_id: number }[]>('SELECT app_id FROM connection WHERE id = $1', [
      connectionId,
    ]);
    expect(row?.app_id).toBe(7);
    // As when it died before the vault had anything: there is nothing to be broken.
    await dataSource.query(`UPDATE connection SET status = 'pending', app_id = NULL WHERE id = $1`, [connectionId]);
    worker().vault.failure = new VaultError('There is no connection.', 'not-found');
    await producer.add(jobs.refreshConnection, { connectionId });
    await eventually(async () => (await producer.depth('connections')) === 0);
    expect(await connection()).toBe('0 pending');
  });
});
