import { describe, expect, it } from '@jest/globals';
import { InstallationEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { beginCommitRequest, saveCommitRequest } from '@reunite/repositories';
import type { CommitRequest, RequestedChange } from '@reunite/repositories';
import { startPostgres, startRedis } from '@reunite/testing';
import { GitApi } from '../../test/git-api.js';
import { ZERO_COMMIT } from '../../test/git-server.js';
import type { Moved } from '../../test/git-server.js';
import { onBothQueues } from '../../test/on-both-queues.js';
import type { Project } from '../../test/project.js';
import { until } from '../../test/until.js';

const actor = { subject: 'user|ada', name: 'Ada <Lovelace>' };
const trailer = 'Co-authored-by: Ada Lovelace <user-ada@users.noreply.reunite.invalid>';
const deadline = () => new Date(Date.now() + 30_000).toISOString();

const change = (action: RequestedChange['action'], path: string, more: Partial<RequestedChange> = {}) => ({
  ...{ action, path, from: null, content: null, executable: null },
  ...more,
});
const write = (path: string, content: string | Buffer, executable: boolean | null = null) =>
  change('write', path, { content: Buffer.from(content), executable });

onBothQueues({ startPostgres, startRedis }, (stand) => {
  let project: Project;
  let api: GitApi;
  let main: Moved;

  const git = (...args: string[]) => stand().ghes.git.git(...args);
  const commit = async (changes: RequestedChange[], own: Partial<CommitRequest> = {}) => {
    const { repositoryId } = project;
    const request = { repositoryId, branch: 'main', newBranch: false, expectedHead: main.after, message: 'Edit' };
    const db = stand().resources.dataSource.manager;
    const requestId = await saveCommitRequest(db, { ...request, ...own }, changes);
    return stand().resources.producer.ask(jobs.makeCommit, { requestId, actor, deadline: deadline() }, 30_000);
  };
  const ask = (job: 'createBranch' | 'syncBranch', name: string, from: string) => {
    const payload = { repositoryId: project.repositoryId, name, from, actor, deadline: deadline() };
    return stand().resources.producer.ask<typeof jobs.createBranch | typeof jobs.syncBranch>(
      jobs[job],
      payload,
      30_000,
    );
  };
  const remove = (name: string) => {
    const payload = { repositoryId: project.repositoryId, name, actor, deadline: deadline() };
    return stand().resources.producer.ask(jobs.deleteBranch, payload, 30_000);
  };
  const start = async () => {
    await stand().start();
    project = await stand().connect({ branchPreviews: 'all' });
    const first = { 'index.md': '# Home\n', 'run.sh': 'true\n', 'guides/a.md': '# A\n' };
    main = stand().ghes.git.push('main', first);
    await project.deliverPush(main);
    await until(() => project.hasDeployed(main.after));
    api = new GitApi(stand().ghes);
  };
  const files = (head: string) => git('ls-tree', '-r', '--format=%(objectmode) %(path)', head).split('\n');

  describe('a commit', () => {
    it('of plain files is one call, by the app with the person named, and deployed', async () => {
      await start();
      const made = await commit([
        write('index.md', '# New home\n'),
        write('b/new.md', '# New\n'),
        change('delete', 'run.sh'),
      ]);
      const head = stand().ghes.git.head('main');
      expect(made).toEqual({ outcome: 'made', branch: 'main', commit: head, author: null });
      expect(git('log', '-1', '--format=%B', head)).toBe(`Edit\n\n${trailer}`);
      expect(git('log', '-1', '--format=%P', head)).toBe(main.after);
      expect(files(head)).toEqual(['100644 b/new.md', '100644 guides/a.md', '100644 index.md']);
      expect(api.calls).toEqual(['GET /repos/acme/docs/git/ref/heads/main', 'POST /graphql']);
      expect([...stand().ghes.tokens]).toContain('Bearer token for 7 {"contents":"write"}');
      await until(() => project.hasDeployed(head));
    });

    it('is the person’s own where they signed in at the server', async () => {
      await start();
      stand().vault.accounts.set(actor.subject, 'octocat');
      expect(await commit([write('index.md', 'x')])).toMatchObject({ outcome: 'made', author: 'octocat' });
      expect(git('log', '-1', '--format=%an: %B', 'main')).toBe('octocat: Edit');
    });

    it('is not the app’s where the server has shut the person out', async () => {
      await start();
      stand().vault.broken.add(actor.subject);
      const message = expect.stringMatching(/^Nothing was done\. Your account is suspended\. Or forget your sign-in/);
      await expect(commit([write('index.md', 'x')])).rejects.toMatchObject({ code: 'forbidden', message });
      expect(stand().ghes.git.head('main')).toBe(main.after);
    });

    it('writes bits, binaries and renames as they are', async () => {
      await start();
      const bytes = Buffer.from([0xff, 0, 0x80, 0x0a]);
      await commit([
        change('chmod', 'run.sh', { executable: true }),
        write('logo.png', bytes),
        change('rename', 'guides/ä b.md', { from: 'guides/a.md' }),
      ]);
      const head = stand().ghes.git.head('main');
      expect(files(head)).toEqual([
        '100644 "guides/\\303\\244 b.md"',
        '100644 index.md',
        '100644 logo.png',
        '100755 run.sh',
      ]);
      expect(git('rev-parse', `${head}:guides/ä b.md`)).toBe(git('rev-parse', `${main.after}:guides/a.md`));
      expect(git('rev-parse', `${head}:logo.png`)).toBe(stand().ghes.git.write(['hash-object', '--stdin'], bytes));
      const kept = await commit([write('run.sh', 'false\n')], { expectedHead: head });
      expect(files(stand().ghes.git.head('main'))).toContain('100755 run.sh');
      expect(kept.outcome).toBe('made');
    });

    it('sends many files that are no text a few at a time', async () => {
      await start();
      const blob = Buffer.from([0xff, 0]);
      const interfere = stand().ghes.interfere;
      let [sent, most] = [0, 0];
      stand().ghes.interfere = (request, response) => {
        if (!request.url?.endsWith('/git/blobs')) return interfere(request, response);
        most = Math.max(most, (sent += 1));
        response.once('close', () => (sent -= 1));
        setTimeout(() => interfere(request, response), 50);
        return true;
      };
      const changes = Array.from({ length: 12 }, (_, n) => write(`${n}.bin`, Buffer.concat([blob, Buffer.from([n])])));
      const made = await commit(changes, { branch: 'binaries', newBranch: true });
      expect(made).toMatchObject({ outcome: 'made' });
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(6);
    });

    it('puts a new file where one was renamed away', async () => {
      await start();
      await commit([change('rename', 'bin/run.sh', { from: 'run.sh' }), write('run.sh', 'exec bin/run.sh\n')]);
      const head = stand().ghes.git.head('main');
      expect(files(head)).toEqual(['100644 bin/run.sh', '100644 guides/a.md', '100644 index.md', '100644 run.sh']);
      expect(git('show', `${head}:run.sh`)).toBe('exec bin/run.sh');
      expect(git('rev-parse', `${head}:bin/run.sh`)).toBe(git('rev-parse', `${main.after}:run.sh`));
    });

    it('begins a new branch in one step, and not one that is there', async () => {
      await start();
      const own = { branch: 'docs/topic', newBranch: true };
      const made = await commit([write('index.md', 'topic')], own);
      expect(made).toMatchObject({ outcome: 'made', commit: stand().ghes.git.head('docs/topic') });
      expect(stand().ghes.git.head('main')).toBe(main.after);
      await until(() => project.hasDeployed(stand().ghes.git.head('docs/topic')));
      await expect(commit([write('index.md', 'other')], own)).rejects.toMatchObject({ code: 'conflict' });
      await expect(commit([write('x.md', 'x')], { branch: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' });
    });

    it('is refused where the branch moved on, with the files named and nothing written', async () => {
      await start();
      const moved = stand().ghes.git.push('main', { 'index.md': 'theirs', 'other.md': 'theirs' });
      const conflict = { outcome: 'conflict', head: moved.after };
      expect(await commit([write('index.md', 'ours'), write('guides/a.md', 'ours')])).toEqual({
        ...{ ...conflict, files: ['index.md'] },
      });
      expect(await commit([write('guides/a.md', 'ours')])).toEqual({ ...conflict, files: [] });
      expect(stand().ghes.git.head('main')).toBe(moved.after);
    });

    it('is refused where the branch was forced to another history', async () => {
      await start();
      const other = git('commit-tree', git('rev-parse', 'main^{tree}'), '-m', 'Anew');
      git('update-ref', 'refs/heads/main', other);
      expect(await commit([write('index.md', 'ours')])).toEqual({ outcome: 'conflict', head: other, files: [] });
    });

    it('is refused where the branch moves while it is written', async () => {
      await start();
      stand().ghes.git.push('race', { 'index.md': 'theirs' });
      const interfere = stand().ghes.interfere;
      stand().ghes.interfere = (request, response) => {
        const writes = request.method === 'PATCH' || request.url === '/api/graphql';
        if (writes) git('update-ref', 'refs/heads/main', 'refs/heads/race');
        return interfere(request, response);
      };
      expect(await commit([write('index.md', 'ours')])).toMatchObject({ outcome: 'conflict', files: ['index.md'] });
      git('update-ref', 'refs/heads/main', main.after);
      expect(await commit([write('index.md', 'ours', true)])).toMatchObject({
        outcome: 'conflict',
        files: ['index.md'],
      });
      expect(stand().ghes.git.head('main')).toBe(stand().ghes.git.head('race'));
    });

    it.each([null, true])(
      'leaves alone what is forced backwards while it is written (executable: %s)',
      async (executable) => {
        await start();
        const forced = stand().ghes.git.push('main', { 'index.md': 'more' }).before;
        const expectedHead = stand().ghes.git.head('main');
        const interfere = stand().ghes.interfere;
        stand().ghes.interfere = (request, response) => {
          const writes = request.method === 'PATCH' || request.url === '/api/graphql';
          if (writes) git('update-ref', 'refs/heads/main', forced);
          return interfere(request, response);
        };
        const ours = [write('index.md', 'ours', executable), change('delete', 'guides/a.md')];
        const conflict = { outcome: 'conflict', head: forced, files: ['index.md'] };
        expect(await commit(ours, { expectedHead })).toEqual(conflict);
        expect(stand().ghes.git.head('main')).toBe(forced);
        expect(api.calls.filter((call) => call.startsWith('PATCH'))).toEqual([]);
      },
    );

    it('changes modes on a server whose GraphQL moves no refs', async () => {
      await start();
      api.hasUpdateRefs = false;
      const made = await commit([write('index.md', 'ours', true)]);
      const head = stand().ghes.git.head('main');
      expect(made).toMatchObject({ outcome: 'made', commit: head });
      expect(files(head)).toContain('100755 index.md');
      expect(api.calls.slice(-2)).toEqual(['POST /graphql', 'PATCH /repos/acme/docs/git/refs/heads/main']);
      stand().ghes.git.push('race', { 'index.md': 'theirs' });
      const interfere = stand().ghes.interfere;
      stand().ghes.interfere = (request, response) => {
        if (request.method === 'PATCH') git('update-ref', 'refs/heads/main', 'refs/heads/race');
        return interfere(request, response);
      };
      const lost = await commit([write('index.md', 'ours again')], { expectedHead: head });
      expect(lost).toMatchObject({ outcome: 'conflict', files: ['index.md'] });
      expect(stand().ghes.git.head('main')).toBe(stand().ghes.git.head('race'));
    });

    it.each([null, true])('is made once, though the answer to it got lost (executable: %s)', async (executable) => {
      await start();
      const changes = [write('index.md', 'ours', executable)];
      stand().vault.accounts.set(actor.subject, 'octocat');
      api.afterWrite = () => {
        api.afterWrite = () => undefined;
        throw new Error('the connection is cut');
      };
      const made = await commit(changes);
      const head = stand().ghes.git.head('main');
      expect(made).toMatchObject({ outcome: 'made', commit: head });
      // The worker died before it could say so, and somebody has pushed since.
      stand().ghes.git.push('main', { 'later.md': 'x' });
      expect(await commit(changes)).toEqual(made);
      expect(git('rev-list', '--count', `${main.after}..main`)).toBe('2');
      stand().vault.accounts.set(actor.subject, 'hubot');
      expect(await commit(changes)).toMatchObject({ outcome: 'conflict' });
    });

    it('says what forbids it: protection, a permission, the person’s own account', async () => {
      await start();
      api.protected.add('main');
      const refused = {
        code: 'forbidden',
        message: expect.stringContaining('protected on the server: Changes must be'),
      };
      await expect(commit([write('index.md', 'x')])).rejects.toMatchObject(refused);
      await expect(commit([write('index.md', 'x', true)])).rejects.toMatchObject(refused);
      stand().ghes.interfere = (_request, response) => {
        const message = 'Resource not accessible by integration';
        response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
        return true;
      };
      const lacking = { code: 'forbidden', message: expect.stringContaining('contents: write') };
      await expect(commit([write('index.md', 'x')])).rejects.toMatchObject(lacking);
      stand().vault.accounts.set(actor.subject, 'octocat');
      const personal = { code: 'forbidden', message: expect.stringContaining('octocat') };
      await expect(commit([write('index.md', 'x')])).rejects.toMatchObject(personal);
    });

    it('of workflows takes a permission of its own, which is named where it is missing', async () => {
      await start();
      const db = stand().resources.dataSource.manager;
      const owned = { id: 7, owner: 'acme', repositorySelection: 'all' as const, suspended: false };
      const granted = { connectionId: project.connectionId, ...owned, permissions: { contents: 'write' } };
      await db.insert(InstallationEntity, granted);
      const changes = [write('.github/workflows/docs.yml', 'on: push\n')];
      const lacking = { code: 'forbidden', message: expect.stringContaining('"Workflows: write" on acme') };
      await expect(commit(changes)).rejects.toMatchObject(lacking);
      await db.update(InstallationEntity, { id: 7 }, { permissions: { contents: 'write', workflows: 'write' } });
      expect(await commit(changes)).toMatchObject({ outcome: 'made' });
      expect([...stand().ghes.tokens]).toContain('Bearer token for 7 {"contents":"write","workflows":"write"}');
    });

    it('that a lost worker began is looked for, and not called unwritten where it may be written', async () => {
      await start();
      const db = stand().resources.dataSource.manager;
      const late = async (changes: RequestedChange[]) => {
        const request = { branch: 'main', newBranch: false, expectedHead: main.after, message: 'Edit' };
        const requestId = await saveCommitRequest(db, { repositoryId: project.repositoryId, ...request }, changes);
        await beginCommitRequest(db, requestId);
        const payload = { requestId, actor, deadline: new Date(Date.now() - 1).toISOString() };
        return stand().resources.producer.ask(jobs.makeCommit, payload, 30_000);
      };
      const made = await commit([write('index.md', 'ours')]);
      expect(made).toMatchObject({ outcome: 'made', commit: stand().ghes.git.head('main') });
      expect(await late([write('index.md', 'ours')])).toEqual(made);
      const unknown = { code: 'outcome-unknown', message: expect.stringMatching(/^Whether it was done is not known/) };
      await expect(late([write('index.md', 'others')])).rejects.toMatchObject(unknown);
      expect(stand().ghes.git.head('main')).toBe(made.outcome === 'made' && made.commit);
    });

    it('comes to nothing once nobody waits for it', async () => {
      await start();
      const db = stand().resources.dataSource.manager;
      const request = {
        repositoryId: project.repositoryId,
        branch: 'main',
        newBranch: false,
        expectedHead: main.after,
      };
      const requestId = await saveCommitRequest(db, { ...request, message: 'x' }, [write('index.md', 'x')]);
      const late = { requestId, actor, deadline: new Date(Date.now() - 1).toISOString() };
      await expect(stand().resources.producer.ask(jobs.makeCommit, late, 30_000)).rejects.toMatchObject({
        code: 'job-timeout',
      });
      expect(await db.query('SELECT 1 FROM commit_request_file')).toEqual([]);
      expect(api.calls).toEqual([]);
    });
  });

  it('the echo of our own writes syncs nothing and builds nothing again', async () => {
    await start();
    const state = async () => ({
      deployments: (await stand().resources.dataSource.query('SELECT id FROM deployment')).length as number,
      generations: await stand().resources.dataSource.query('SELECT name, generation FROM git_ref ORDER BY name'),
    });
    const echo = async (moved: Moved) => {
      const branch = moved.ref.slice('refs/heads/'.length);
      const event = moved.before === ZERO_COMMIT ? 'create' : moved.after === ZERO_COMMIT ? 'delete' : null;
      const told = event ? [await project.deliver(event, { ref: branch, ref_type: 'branch' })] : [];
      for (const delivery of [...told, await project.deliverPush(moved)]) {
        await until(async () => (await project.outcome(delivery)) === `Branch ${branch} stands there already`);
      }
    };
    await commit([write('index.md', 'ours')]);
    const head = stand().ghes.git.head('main');
    await until(() => project.hasDeployed(head));
    const committed = await state();
    await echo({ ref: 'refs/heads/main', before: main.after, after: head });
    expect(await state()).toEqual(committed);

    await ask('createBranch', 'topic', 'main');
    await until(() => project.hasDeployed(head));
    await until(async () => (await project.synced()).includes(`refs/heads/topic ${head}`));
    const created = await state();
    await echo({ ref: 'refs/heads/topic', before: ZERO_COMMIT, after: head });
    expect(await state()).toEqual(created);

    await remove('topic');
    await until(async () => !(await project.synced()).includes(`refs/heads/topic ${head}`));
    const deleted = await state();
    await echo({ ref: 'refs/heads/topic', before: head, after: ZERO_COMMIT });
    expect(await state()).toEqual(deleted);
  });

  describe('branches', () => {
    it('are made from a branch or a commit, and deleted, beside tags of the same name', async () => {
      await start();
      const other = stand().ghes.git.push('other', { 'index.md': 'other' }).after;
      git('update-ref', 'refs/tags/topic', other);
      git('update-ref', 'refs/tags/main', other);
      expect(await ask('createBranch', 'topic', 'main')).toEqual({ commit: main.after });
      expect(await ask('createBranch', 'a\u00a0b', other)).toEqual({ commit: other });
      await until(async () => (await project.synced()).includes(`refs/heads/a\u00a0b ${other}`));
      await expect(ask('createBranch', 'topic', 'other')).rejects.toMatchObject({ code: 'conflict' });
      await expect(ask('createBranch', 'x', 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
      await remove('topic');
      expect(stand().ghes.git.head('topic')).toBe(ZERO_COMMIT);
      expect(git('rev-parse', 'refs/tags/topic')).toBe(other);
      await expect(remove('topic')).rejects.toMatchObject({ code: 'not-found' });
      const { branches } = await stand().resources.producer.ask(
        jobs.listBranches,
        { repositoryId: project.repositoryId },
        30_000,
      );
      expect(branches.map(({ name }) => name).sort()).toEqual(['a\u00a0b', 'main', 'other']);
      api.protected.add('other');
      await expect(remove('other')).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('are made once, though the answer to it got lost', async () => {
      await start();
      expect(await ask('createBranch', 'topic', 'main')).toEqual({ commit: main.after });
      expect(await ask('createBranch', 'topic', 'main')).toEqual({ commit: main.after });
      stand().ghes.git.push('topic', { 'topic.md': 'topic' });
      await expect(ask('createBranch', 'topic', 'main')).rejects.toMatchObject({ code: 'conflict' });
    });

    it('are none of what is told of tags', async () => {
      await start();
      const before = await project.synced();
      const told = [
        await project.deliver('create', { ref: 'main', ref_type: 'tag' }),
        await project.deliver('delete', { ref: 'main', ref_type: 'tag' }),
        await project.deliverPush({ ref: 'refs/tags/main', before: main.after, after: ZERO_COMMIT }),
      ];
      for (const id of told) await until(async () => (await project.outcome(id)) === 'Tags are not deployed');
      expect(await project.synced()).toEqual(before);
    });

    it('take in what production has, once, and say what conflicts', async () => {
      await start();
      const topic = stand().ghes.git.push('topic', { 'topic.md': 'topic' });
      git('update-ref', 'refs/tags/main', topic.after);
      expect(await ask('syncBranch', 'topic', 'main')).toEqual({ outcome: 'up-to-date', commit: topic.after });
      const ahead = stand().ghes.git.push('main', { 'index.md': 'ahead' });
      const synced = await ask('syncBranch', 'topic', 'main');
      expect(synced).toEqual({ outcome: 'merged', commit: stand().ghes.git.head('topic') });
      expect(git('log', '-1', '--format=%P', 'refs/heads/topic')).toBe(`${topic.after} ${ahead.after}`);
      await until(async () => (await project.synced()).includes(`refs/heads/topic ${stand().ghes.git.head('topic')}`));
      stand().ghes.git.push('topic', { 'index.md': 'ours' });
      stand().ghes.git.push('main', { 'index.md': 'theirs' });
      const refused = { code: 'conflict', message: expect.stringContaining('index.md') };
      await expect(ask('syncBranch', 'topic', 'main')).rejects.toMatchObject(refused);
    });
  });
});
