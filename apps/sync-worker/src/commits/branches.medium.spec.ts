import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { ZERO_COMMIT } from '@reunite/testing';
import type { RefUpdate } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';
import { actor, deadline, write, WrittenRepository } from '../../test/written-repository.js';

onBothQueues((worker) => {
  const repository = new WrittenRepository(worker);

  it('ignores the deliveries of its own branch writes', async () => {
    await repository.start();
    const state = async () => ({
      deployments: (await worker().resources.dataSource.query('SELECT id FROM deployment')).length as number,
      generations: await worker().resources.dataSource.query('SELECT name, generation FROM git_ref ORDER BY name'),
    });
    const echo = async (moved: RefUpdate) => {
      const branch = moved.ref.slice('refs/heads/'.length);
      const event = moved.before === ZERO_COMMIT ? 'create' : moved.after === ZERO_COMMIT ? 'delete' : null;
      const existence = event ? [await repository.project.deliver(event, { ref: branch, ref_type: 'branch' })] : [];
      for (const delivery of [...existence, await repository.project.deliverPush(moved)]) {
        await eventually(async () => (await repository.project.outcome(delivery)) === `Branch ${branch} is up to date`);
      }
    };
    await repository.commit([write('index.md', 'ours')]);
    const head = worker().ghes.git.head('main');
    await eventually(() => repository.project.hasDeployed(head));
    const committed = await state();
    await echo({ ref: 'refs/heads/main', before: repository.main.after, after: head });
    expect(await state()).toEqual(committed);

    await repository.runBranchJob('createBranch', 'topic', 'main');
    await eventually(() => repository.project.hasDeployed(head));
    await eventually(async () => (await repository.project.synced()).includes(`refs/heads/topic ${head}`));
    const created = await state();
    await echo({ ref: 'refs/heads/topic', before: ZERO_COMMIT, after: head });
    expect(await state()).toEqual(created);

    await repository.remove('topic');
    await eventually(async () => !(await repository.project.synced()).includes(`refs/heads/topic ${head}`));
    const deleted = await state();
    await echo({ ref: 'refs/heads/topic', before: head, after: ZERO_COMMIT });
    expect(await state()).toEqual(deleted);
  });

  it('lists the versions of a file, and fetches the snapshot of a commit only if the branch contains it', async () => {
    await repository.start();
    const { producer, content } = worker().resources;
    const { repositoryId } = repository.project;
    const commits = ['one', 'two'].map((text) => worker().ghes.git.push('main', { 'new.md': text }).after);
    const foreign = worker().ghes.git.push('other', { 'other.md': 'other' }).after;
    const [middle = '', head = ''] = commits;
    const listing = { repositoryId, commit: head, path: 'new.md', page: 1, limit: 2 };
    const { versions, more } = await producer.addAndWait(jobs.listFileVersions, listing, 30_000);
    expect([versions.map(({ commit }) => commit), more]).toEqual([[head, middle], true]);
    const fetched = (commit: string) =>
      producer.addAndWait(jobs.fetchSnapshot, { repositoryId, refName: 'refs/heads/main', head, commit }, 30_000);
    const { tree } = await fetched(middle);
    expect(await content.repository(repositoryId).readPath(tree ?? '', 'new.md')).not.toBeNull();
    expect(await fetched(foreign)).toEqual({ tree: null });
    expect(await fetched('f'.repeat(40))).toEqual({ tree: null });
  });

  it('creates branches from a branch or a commit and deletes them, also if a tag has the same name', async () => {
    await repository.start();
    const other = worker().ghes.git.push('other', { 'index.md': 'other' }).after;
    worker().ghes.git.set('refs/tags/topic', other);
    worker().ghes.git.set('refs/tags/main', other);
    expect(await repository.runBranchJob('createBranch', 'topic', 'main')).toEqual({ commit: repository.main.after });
    expect(await repository.runBranchJob('createBranch', 'a\u00a0b', other)).toEqual({ commit: other });
    await eventually(async () => (await repository.project.synced()).includes(`refs/heads/a\u00a0b ${other}`));
    await expect(repository.runBranchJob('createBranch', 'topic', 'other')).rejects.toMatchObject({ code: 'conflict' });
    await expect(repository.runBranchJob('createBranch', 'x', 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await repository.remove('topic');
    expect(worker().ghes.git.head('topic')).toBe(ZERO_COMMIT);
    expect(repository.git('rev-parse', 'refs/tags/topic')).toBe(other);
    await expect(repository.remove('topic')).rejects.toMatchObject({ code: 'not-found' });
    const { branches } = await worker().resources.producer.addAndWait(
      jobs.listBranches,
      { repositoryId: repository.project.repositoryId },
      30_000,
    );
    expect(branches.map(({ name }) => name).sort()).toEqual(['a\u00a0b', 'main', 'other']);
    const next = worker().ghes.git.push('next', { 'next.md': 'next' }).after;
    const search = (text: string, after: string) =>
      worker().resources.producer.addAndWait(
        jobs.searchBranches,
        { repositoryId: repository.project.repositoryId, search: text, after, limit: 2, base: 'main' },
        30_000,
      );
    expect(await search('', 'a\u00a0b')).toEqual({
      branches: [
        { name: 'main', commit: repository.main.after, ahead: 0, behind: 0 },
        { name: 'next', commit: next, ahead: 1, behind: 0 },
      ],
      hasMore: true,
    });
    expect(await search('OTH', '')).toMatchObject({ branches: [{ name: 'other', commit: other }], hasMore: false });
    await worker().ghes.protect('other');
    await expect(repository.remove('other')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('creates a branch once, also if the job runs again', async () => {
    await repository.start();
    expect(await repository.runBranchJob('createBranch', 'topic', 'main')).toEqual({ commit: repository.main.after });
    const payload = { v: 1, repositoryId: repository.project.repositoryId, name: 'topic', from: 'main' } as const;
    const rerun = { ...payload, actor, deadline: deadline() };
    expect(await worker().rerun('createBranch', rerun)).toEqual({ commit: repository.main.after });
  });

  it('rejects a name that is taken, also by a branch at the same commit', async () => {
    await repository.start();
    worker().ghes.git.set('refs/heads/topic', 'refs/heads/main');
    const taken = { code: 'conflict', message: 'Branch "topic" already exists.' };
    await expect(repository.runBranchJob('createBranch', 'topic', 'main')).rejects.toMatchObject(taken);
    worker().ghes.git.push('topic', { 'topic.md': 'topic' });
    await expect(repository.runBranchJob('createBranch', 'topic', 'main')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ignores deliveries about tags', async () => {
    await repository.start();
    const before = await repository.project.synced();
    const deliveries = [
      await repository.project.deliver('create', { ref: 'main', ref_type: 'tag' }),
      await repository.project.deliver('delete', { ref: 'main', ref_type: 'tag' }),
      await repository.project.deliverPush({
        ref: 'refs/tags/main',
        before: repository.main.after,
        after: ZERO_COMMIT,
      }),
    ];
    for (const id of deliveries)
      await eventually(async () => (await repository.project.outcome(id)) === 'Tags are not deployed');
    expect(await repository.project.synced()).toEqual(before);
  });

  it('merges production into a branch once, and names the conflicting files', async () => {
    await repository.start();
    const topic = worker().ghes.git.push('topic', { 'topic.md': 'topic' });
    worker().ghes.git.set('refs/tags/main', topic.after);
    expect(await repository.runBranchJob('syncBranch', 'topic', 'main')).toEqual({
      outcome: 'up-to-date',
      commit: topic.after,
    });
    const ahead = worker().ghes.git.push('main', { 'index.md': 'ahead' });
    const synced = await repository.runBranchJob('syncBranch', 'topic', 'main');
    expect(synced).toEqual({ outcome: 'merged', commit: worker().ghes.git.head('topic') });
    expect(repository.git('log', '-1', '--format=%P', 'refs/heads/topic')).toBe(`${topic.after} ${ahead.after}`);
    await eventually(async () =>
      (await repository.project.synced()).includes(`refs/heads/topic ${worker().ghes.git.head('topic')}`),
    );
    worker().ghes.git.push('topic', { 'index.md': 'ours' });
    worker().ghes.git.push('main', { 'index.md': 'theirs' });
    const conflict = { code: 'conflict', message: expect.stringContaining('index.md') };
    await expect(repository.runBranchJob('syncBranch', 'topic', 'main')).rejects.toMatchObject(conflict);
  });
});
