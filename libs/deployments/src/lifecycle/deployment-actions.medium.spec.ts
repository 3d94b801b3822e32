import { describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { cancelDeployment, promote, redeploy } from './deployment-actions.js';
import { DeploymentLogEntity } from './deployment-log.entity.js';

describe('actions on deployments', () => {
  const dataSource = useDatabase();

  /** Two production deployments; the second is current. */
  const published = async () => {
    const repository = await TestRepository.open(dataSource(), {});
    for (const commit of ['c1', 'c2']) {
      await repository.push('main', commit);
      await repository.build();
    }
    return repository;
  };
  const conflict = (message: string) => ({ code: 'conflict', message: expect.stringContaining(message) });

  it('re-deploys a successful or failed deployment, and keeps the current one visible meanwhile', async () => {
    const repository = await published();
    const made = await repository.act(redeploy, 'c2');
    expect(made).toMatchObject({ trigger: 'redeploy', triggeredBySubject: 'usr_grace', triggeredByName: 'Grace' });
    expect((await repository.deployments()).slice(1)).toEqual([
      'production c2 success current',
      'production c2 queued',
    ]);
    await expect(repository.act(redeploy, 'c1')).rejects.toMatchObject(conflict('c2 is being deployed'));
    await repository.build({ state: 'failed', reason: 'index.md: no' });
    await repository.act(redeploy, 'c2');
    await repository.build();
    expect((await repository.deployments()).slice(1)).toEqual([
      'production c2 success',
      'production c2 failed',
      'production c2 success current',
    ]);
    const log = await dataSource().getRepository(DeploymentLogEntity).findBy({ deploymentId: made.id });
    expect(log.map(({ message }) => message)).toEqual([`Re-deployed by Grace, from ${made.sourceId}`]);
  });

  it('re-deploys and promotes for all covered commits, and reports the result to each', async () => {
    const repository = await published();
    await repository.push('main', 'c3', 'docs=3');
    await repository.push('main', 'c4', 'docs=3');
    await repository.build({ state: 'failed', reason: 'index.md: no' });
    await repository.act(redeploy, 'c3');
    const checks = ['links', 'lint'].map((check) => `${check} pending: Waiting for the build`);
    expect(await repository.latestStatuses('c4')).toEqual(['build pending: Waiting to be built', ...checks]);
    await repository.build();
    expect(await repository.latestStatuses('c4')).toEqual(['build success: Nothing to build: no change', ...checks]);
    await repository.act(promote, 'c1');
    await repository.build();
    await repository.act(promote, 'c3');
    expect((await repository.latestStatuses('c4'))[0]).toBe('build pending: Waiting to be promoted');
    await repository.build();
    expect((await repository.latestStatuses('c4'))[0]).toBe('build success: Nothing to build: no change');
  });

  it.each([
    { name: 're-deployment', action: redeploy },
    { name: 'promotion', action: promote },
  ])('cancels a $name for good, even if the deployment covers a later commit', async ({ action }) => {
    const repository = await published();
    await repository.push('main', 'c3', 'docs=3');
    await repository.push('main', 'c4', 'docs=3');
    await repository.build();
    await repository.act(promote, 'c1');
    await repository.build();
    await repository.act(action, 'c3');
    await repository.act(cancelDeployment, 'c3');
    await repository.planAll();
    expect((await repository.deployments()).slice(2)).toEqual([
      'production c3 success',
      'production c1 success current',
      'production c3 skipped',
    ]);
  });

  it('lets a newer commit supersede a re-deployment', async () => {
    const repository = await published();
    await repository.act(redeploy, 'c1');
    const [running] = await repository.start();
    await repository.push('main', 'c3');
    expect(await repository.finish(running!)).toBe(false);
    await repository.build();
    expect((await repository.deployments()).slice(2)).toEqual([
      'production c1 skipped',
      'production c3 success current',
    ]);
  });

  it('rolls back to an earlier production until the next push', async () => {
    const repository = await published();
    await repository.act(promote, 'c1');
    expect((await repository.deployments())[1]).toBe('production c2 success current');
    await repository.build();
    await repository.planAll();
    await repository.planAll('settings');
    expect((await repository.deployments()).slice(1)).toEqual([
      'production c2 success',
      'production c1 success current',
    ]);
    await expect(repository.act(promote, 'c1')).rejects.toMatchObject(conflict('already'));
    await repository.push('main', 'c3');
    await repository.build();
    expect((await repository.deployments()).slice(2)).toEqual([
      'production c1 success',
      'production c3 success current',
    ]);
  });

  it('rolls back while a newer commit is built, which never becomes current (P7)', async () => {
    const repository = await published();
    await repository.push('main', 'c3');
    const [running] = await repository.start();
    await repository.act(promote, 'c1');
    expect(await repository.finish(running!)).toBe(false);
    await repository.build();
    await repository.planAll();
    expect((await repository.deployments()).slice(2)).toEqual([
      'production c3 skipped',
      'production c1 success current',
    ]);
    expect((await repository.statuses()).filter((status) => status.startsWith('c3'))).toEqual([
      'c3 Reunite (Docs): build pending',
      'c3 Reunite (Docs): build error',
    ]);
  });

  it('promotes a preview, even of a closed pull request, unless it failed', async () => {
    const repository = await published();
    await repository.pullRequest(1, 'topic', 'open');
    await repository.push('topic', 'c3');
    await repository.build();
    await repository.push('topic', 'c4');
    await repository.build({ state: 'failed', reason: 'index.md: no' });
    await expect(repository.act(promote, 'c4', 'preview')).rejects.toMatchObject(conflict('succeeded'));
    await repository.pullRequest(1, 'topic', 'closed');
    await repository.act(promote, 'c3', 'preview');
    await repository.build();
    await repository.planAll();
    expect((await repository.deployments()).slice(1)).toEqual([
      'production c2 success',
      'preview c3 removed',
      'preview c4 removed',
      'production c3 success current',
    ]);
    await expect(repository.act(redeploy, 'c3', 'preview')).rejects.toMatchObject(conflict('no longer previewed'));
  });

  it('cancels a queued or running deployment for good', async () => {
    const repository = await published();
    await repository.push('main', 'c3');
    const [running] = await repository.start();
    expect(await repository.act(cancelDeployment, 'c3')).toMatchObject({
      state: 'skipped',
      reason: 'Cancelled by Grace',
    });
    expect(await repository.finish(running!)).toBe(false);
    await repository.planAll();
    expect((await repository.deployments()).slice(1)).toEqual([
      'production c2 success current',
      'production c3 skipped',
    ]);
    await expect(repository.act(cancelDeployment, 'c3')).rejects.toMatchObject(conflict('already finished'));
  });

  it('makes one of several concurrent promotions current', async () => {
    const repository = await published();
    await repository.push('main', 'c3');
    await repository.build();
    await Promise.all([repository.act(promote, 'c1'), repository.act(promote, 'c2')]);
    await repository.build();
    const promoted = (await repository.deployments()).slice(3);
    expect(promoted.filter((text) => text.endsWith('skipped'))).toHaveLength(1);
    expect(promoted.filter((text) => text.endsWith('success current'))).toHaveLength(1);
  });
});
