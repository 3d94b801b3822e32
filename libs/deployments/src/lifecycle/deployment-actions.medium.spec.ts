import { describe, expect, it } from '@jest/globals';
import { DeploymentStand } from '../../test/deployment-stand.js';
import { useBridge } from '../../test/use-bridge.js';
import { cancelDeployment, promote, redeploy } from './deployment-actions.js';
import { DeploymentLogEntity } from './deployment-log.entity.js';

describe('what people do with deployments', () => {
  const dataSource = useBridge();

  /** Two productions, the second is shown. */
  const published = async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    for (const commit of ['c1', 'c2']) {
      await stand.push('main', commit);
      await stand.build();
    }
    return stand;
  };
  const conflict = (message: string) => ({ code: 'conflict', message: expect.stringContaining(message) });

  it('re-deploys one that succeeded or failed, and keeps showing the old one meanwhile', async () => {
    const stand = await published();
    const made = await stand.act(redeploy, 'c2');
    expect(made).toMatchObject({ trigger: 'redeploy', triggeredBySubject: 'usr_grace', triggeredByName: 'Grace' });
    expect((await stand.deployments()).slice(1)).toEqual(['production c2 success current', 'production c2 queued']);
    await expect(stand.act(redeploy, 'c1')).rejects.toMatchObject(conflict('c2 is being deployed'));
    await stand.build({ state: 'failed', reason: 'index.md: no' });
    await stand.act(redeploy, 'c2');
    await stand.build();
    expect((await stand.deployments()).slice(1)).toEqual([
      'production c2 success',
      'production c2 failed',
      'production c2 success current',
    ]);
    const log = await dataSource().getRepository(DeploymentLogEntity).findBy({ deploymentId: made.id });
    expect(log.map(({ message }) => message)).toEqual([`Re-deployed by Grace, from ${made.sourceId}`]);
  });

  it('re-deploys and promotes for the commits too that share what was built, and tells them how it ends', async () => {
    const stand = await published();
    await stand.push('main', 'c3', 'docs=3');
    await stand.push('main', 'c4', 'docs=3');
    await stand.build({ state: 'failed', reason: 'index.md: no' });
    await stand.act(redeploy, 'c3');
    const checks = ['links', 'lint'].map((check) => `${check} pending: Waiting for the build`);
    expect(await stand.lastWords('c4')).toEqual(['build pending: Waiting to be built', ...checks]);
    await stand.build();
    expect(await stand.lastWords('c4')).toEqual(['build success: Nothing to build: no change', ...checks]);
    await stand.act(promote, 'c1');
    await stand.build();
    await stand.act(promote, 'c3');
    expect((await stand.lastWords('c4'))[0]).toBe('build pending: Waiting to be promoted');
    await stand.build();
    expect((await stand.lastWords('c4'))[0]).toBe('build success: Nothing to build: no change');
  });

  it.each([
    { name: 're-deployment', action: redeploy },
    { name: 'promotion', action: promote },
  ])('cancels a $name for good, also where a later commit shares what was built', async ({ action }) => {
    const stand = await published();
    await stand.push('main', 'c3', 'docs=3');
    await stand.push('main', 'c4', 'docs=3');
    await stand.build();
    await stand.act(promote, 'c1');
    await stand.build();
    await stand.act(action, 'c3');
    await stand.act(cancelDeployment, 'c3');
    await stand.planAll();
    expect((await stand.deployments()).slice(2)).toEqual([
      'production c3 success',
      'production c1 success current',
      'production c3 skipped',
    ]);
  });

  it('lets a newer commit supersede a re-deployment, as any build', async () => {
    const stand = await published();
    await stand.act(redeploy, 'c1');
    const [running] = await stand.start();
    await stand.push('main', 'c3');
    expect(await stand.finish(running!)).toBe(false);
    await stand.build();
    expect((await stand.deployments()).slice(2)).toEqual(['production c1 skipped', 'production c3 success current']);
  });

  it('rolls back: an earlier production is shown, no plan undoes it, and the next push goes on from there', async () => {
    const stand = await published();
    await stand.act(promote, 'c1');
    expect((await stand.deployments())[1]).toBe('production c2 success current');
    await stand.build();
    await stand.planAll();
    await stand.planAll('settings');
    expect((await stand.deployments()).slice(1)).toEqual(['production c2 success', 'production c1 success current']);
    await expect(stand.act(promote, 'c1')).rejects.toMatchObject(conflict('already'));
    await stand.push('main', 'c3');
    await stand.build();
    expect((await stand.deployments()).slice(2)).toEqual(['production c1 success', 'production c3 success current']);
  });

  it('rolls back while a newer commit is built: that one is not shown when it ends (P7), and not built again', async () => {
    const stand = await published();
    await stand.push('main', 'c3');
    const [running] = await stand.start();
    await stand.act(promote, 'c1');
    expect(await stand.finish(running!)).toBe(false);
    await stand.build();
    await stand.planAll();
    expect((await stand.deployments()).slice(2)).toEqual(['production c3 skipped', 'production c1 success current']);
    expect((await stand.statuses()).filter((said) => said.startsWith('c3'))).toEqual([
      'c3 Reunite (Docs): build pending',
      'c3 Reunite (Docs): build error',
    ]);
  });

  it('promotes a preview, also when its pull request is closed by then; one that failed not', async () => {
    const stand = await published();
    await stand.pullRequest(1, 'topic', 'open');
    await stand.push('topic', 'c3');
    await stand.build();
    await stand.push('topic', 'c4');
    await stand.build({ state: 'failed', reason: 'index.md: no' });
    await expect(stand.act(promote, 'c4', 'preview')).rejects.toMatchObject(conflict('succeeded'));
    await stand.pullRequest(1, 'topic', 'closed');
    await stand.act(promote, 'c3', 'preview');
    await stand.build();
    await stand.planAll();
    expect((await stand.deployments()).slice(1)).toEqual([
      'production c2 success',
      'preview c3 removed',
      'preview c4 removed',
      'production c3 success current',
    ]);
    await expect(stand.act(redeploy, 'c3', 'preview')).rejects.toMatchObject(conflict('not previewed'));
  });

  it('cancels what is queued or running, which stays cancelled', async () => {
    const stand = await published();
    await stand.push('main', 'c3');
    const [running] = await stand.start();
    expect(await stand.act(cancelDeployment, 'c3')).toMatchObject({ state: 'skipped', reason: 'Cancelled by Grace' });
    expect(await stand.finish(running!)).toBe(false);
    await stand.planAll();
    expect((await stand.deployments()).slice(1)).toEqual(['production c2 success current', 'production c3 skipped']);
    await expect(stand.act(cancelDeployment, 'c3')).rejects.toMatchObject(conflict('ended'));
  });

  it('makes one of several that are promoted at the same time production', async () => {
    const stand = await published();
    await stand.push('main', 'c3');
    await stand.build();
    await Promise.all([stand.act(promote, 'c1'), stand.act(promote, 'c2')]);
    await stand.build();
    const made = (await stand.deployments()).slice(3);
    expect(made.filter((said) => said.endsWith('skipped'))).toHaveLength(1);
    expect(made.filter((said) => said.endsWith('success current'))).toHaveLength(1);
  });
});
