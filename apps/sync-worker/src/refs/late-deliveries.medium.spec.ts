import { describe, expect, it } from '@jest/globals';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import type { RefUpdate } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';
import type { Project } from '../../test/project.js';

onBothQueues((worker) => {
  const connect = async () => {
    await worker().start();
    const { git } = worker().ghes;
    const { after: main } = git.push('main', { 'index.md': '# Welcome' });
    const project = await worker().connect({ branchPreviews: 'all' });
    await project.reconcile();
    await eventually(() => project.hasDeployed(main));
    return { git, main, project };
  };
  const create = (project: Project, ref: string) => project.deliver('create', { ref, ref_type: 'branch' });
  const remove = (project: Project, ref: string) => project.deliver('delete', { ref, ref_type: 'branch' });

  /** Delivers one after the other, and waits until nothing is left to sync. */
  const deliver = async (project: Project, deliveries: readonly (() => Promise<string>)[]) => {
    for (const send of deliveries) {
      const id = await send();
      await eventually(async () => (await project.outcome(id)) !== null);
    }
    const unsynced = () =>
      worker().resources.dataSource.query<unknown[]>(
        'SELECT name FROM git_ref WHERE repository_id = $1 AND synced_generation < generation',
        [project.repositoryId],
      );
    await eventually(async () => (await unsynced()).length === 0, { state: unsynced });
  };

  /** Two commits of a branch that moved from the first to the second and back: A, B. */
  const movedBack = (branch: string) => {
    const { git } = worker().ghes;
    const created = git.push(branch, { 'index.md': '# A' });
    const forth = git.push(branch, { 'index.md': '# B' });
    git.set(`refs/heads/${branch}`, created.after);
    const back: RefUpdate = { ...forth, before: forth.after, after: forth.before };
    return { created, forth, back };
  };

  describe('when deliveries change places', () => {
    it('attack: a branch that moved forth, back and forth again shows its last commit', async () => {
      const { git, project } = await connect();
      const { forth, back } = movedBack('topic');
      git.set('refs/heads/topic', forth.after);
      await deliver(project, [
        () => project.deliverPush(forth),
        () => project.deliverPush(forth),
        () => project.deliverPush(back),
      ]);
      await eventually(() => project.hasDeployed(forth.after));
      expect(await project.current()).toContain(`refs/heads/topic ${forth.after}`);
      expect(await project.deployments(back.after)).toEqual([]);
    });

    it('attack: a branch that moved forth and back shows its first commit', async () => {
      const { project } = await connect();
      const { created, forth, back } = movedBack('topic');
      await deliver(project, [() => project.deliverPush(back), () => project.deliverPush(forth)]);
      await eventually(() => project.hasDeployed(created.after));
      expect(await project.deployments(forth.after)).toEqual([]);
    });

    it('attack: production never shows a commit that was withdrawn', async () => {
      const { git, main, project } = await connect();
      const published = git.push('main', { 'index.md': '# Published by mistake' });
      git.set('refs/heads/main', main);
      const withdrawn: RefUpdate = { ...published, before: published.after, after: main };
      await deliver(project, [() => project.deliverPush(withdrawn), () => project.deliverPush(published)]);
      expect(await project.current()).toEqual([`refs/heads/main ${main}`]);
      expect(await project.deployments(published.after)).toEqual([]);
    });

    it('attack: a branch that was deleted and created again keeps its preview', async () => {
      const { git, project } = await connect();
      const created = git.push('again', { 'index.md': '# A' });
      const deleted = git.delete('again');
      git.set('refs/heads/again', created.after);
      await deliver(project, [
        () => create(project, 'again'),
        () => project.deliverPush(created),
        () => create(project, 'again'),
        () => project.deliverPush(created),
        () => project.deliverPush(deleted),
        () => remove(project, 'again'),
      ]);
      await eventually(() => project.hasDeployed(created.after));
      expect(await project.current()).toContain(`refs/heads/again ${created.after}`);
    });

    it('attack: a branch whose deletion arrives before its creation is not built', async () => {
      const { git, project } = await connect();
      const created = git.push('brief', { 'index.md': '# C' });
      const deleted = git.delete('brief');
      await deliver(project, [
        () => remove(project, 'brief'),
        () => project.deliverPush(deleted),
        () => create(project, 'brief'),
        () => project.deliverPush(created),
        () => project.deliverPush(deleted),
        () => project.deliverPush(created),
      ]);
      expect(await project.deployments(created.after)).toEqual([]);
      expect((await project.synced()).filter((ref) => ref.includes('brief'))).toEqual([]);
    });
  });

  it('attack: a signed deletion of a branch that the server still has removes nothing', async () => {
    const { main, project } = await connect();
    await deliver(project, [
      () => project.deliverPush({ ref: 'refs/heads/main', before: main, after: ZERO_COMMIT }),
      () => remove(project, 'main'),
    ]);
    expect(await project.current()).toEqual([`refs/heads/main ${main}`]);
    expect(await project.synced()).toEqual([`refs/heads/main ${main}`]);
  });

  it('attack: refs with odd names, and refs that the server does not have, are never built', async () => {
    const { main, project } = await connect();
    const names = [
      'refs/heads/../../etc/passwd',
      'refs/heads/',
      `refs/heads/${'x'.repeat(60_000)}`,
      'refs/heads/a.lock',
    ];
    const sent = await Promise.all(
      [...names, 'refs/heads/absent'].map((ref) => project.deliverPush({ ref, before: ZERO_COMMIT, after: main })),
    );
    await deliver(project, [() => Promise.resolve(sent.at(-1)!)]);
    await eventually(async () => (await Promise.all(sent.map((id) => project.outcome(id)))).every(Boolean));
    expect(await project.outcome(sent[0]!)).toBe('No branch can have this name');
    expect(await project.current()).toEqual([`refs/heads/main ${main}`]);
    expect(await project.synced()).toEqual([`refs/heads/main ${main}`]);
  });

  it('attack: a burst of deliveries for one ref costs one question to the server', async () => {
    const { git, main, project } = await connect();
    const { ghes } = worker();
    const first = git.push('main', { 'index.md': '# First' });
    await ghes.faultEverywhere({ pause: 'request', count: 1 });
    await project.deliverPush(first);
    await eventually(async () => (await ghes.paused()) === 1);
    await ghes.forgetRequests();
    const pushes = Array.from({ length: 10 }, (_, index) => git.push('main', { 'index.md': `# ${index}` }));
    const sent = await Promise.all(pushes.map((push) => project.deliverPush(push)));
    await eventually(async () => (await Promise.all(sent.map((id) => project.outcome(id)))).every(Boolean));
    await ghes.clearFaults();
    await eventually(() => project.hasDeployed(git.head('main')));
    const asked = (await ghes.requests('* /*')).filter(({ path }) => path.endsWith('/git-upload-pack'));
    // Two syncs at most, each with one question and one fetch.
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(await project.current()).not.toEqual([`refs/heads/main ${main}`]);
  });
});
