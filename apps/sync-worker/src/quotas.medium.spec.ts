import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../test/use-worker.js';

const MIB = 1024 ** 2;

onBothQueues((worker) => {
  it('attack: branches beyond the quota are not synced, are named in the delivery log, and follow once there is room', async () => {
    await worker().start(() => ({}), { MAX_REFS_PER_REPOSITORY: 2 });
    const { git } = worker().ghes;
    const project = await worker().connect({ branchPreviews: 'all' });
    await project.deliverPush(git.push('main', { 'index.md': '# Welcome' }));
    await project.deliverPush(git.push('one', { 'index.md': '# One' }));
    await eventually(async () => (await project.synced()).length === 2);
    const delivery = await project.deliverPush(git.push('two', { 'index.md': '# Two' }));
    await eventually(async () => (await project.outcome(delivery)) !== null);
    expect(await project.outcome(delivery)).toContain('2 branches, which is the limit');
    expect(await project.outcome(delivery)).toContain('MAX_REFS_PER_REPOSITORY');
    await project.reconcile();
    await eventually(() => worker().warnings.join().includes('quota-exceeded'));
    expect(await project.synced()).toHaveLength(2);
    await project.deliverPush(git.delete('one'));
    await eventually(async () => (await project.synced()).length === 1);
    await project.reconcile();
    await eventually(() => project.hasDeployed(git.head('two')));
  });

  it('attack: a site beyond the quota of its organization fails, and production stays', async () => {
    await worker().start(() => ({}), { MAX_ARTIFACT_BYTES_PER_ORGANIZATION: 10 * MIB });
    const { git } = worker().ghes;
    const project = await worker().connect();
    const image = randomBytes(3 * MIB).toString('hex');
    const small = git.push('main', { 'index.md': '# Welcome ![](one.png)', 'one.png': image });
    await project.deliverPush(small);
    await eventually(() => project.hasDeployed(small.after));
    const large = git.push('main', { 'index.md': '# Welcome back ![](one.png)' });
    await project.deliverPush(large);
    await eventually(() => project.hasDeployed(large.after, 'failed'));
    const [failed] = await project.deployments(large.after);
    expect(failed?.reason).toContain('MAX_ARTIFACT_BYTES_PER_ORGANIZATION');
    expect(await project.current()).toEqual([`refs/heads/main ${small.after}`]);
    expect(worker().hasArtifact(failed!.id)).toBe(false);
  });
});
