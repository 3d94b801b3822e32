import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { InstallationEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { beginCommitRequest, saveCommitRequest } from '@reunite/repositories';
import type { RequestedChange } from '@reunite/repositories';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';
import { actor, change, write, WrittenRepository } from '../../test/written-repository.js';

const trailer = 'Co-authored-by: Ada Lovelace <user-ada@users.noreply.reunite.invalid>';

onBothQueues((worker) => {
  const repository = new WrittenRepository(worker);

  it('commits text files in one request as the app, names the actor, and deploys the commit', async () => {
    await repository.start();
    const made = await repository.commit([
      write('index.md', '# New home\n'),
      write('b/new.md', '# New\n'),
      change('delete', 'run.sh'),
    ]);
    const head = worker().ghes.git.head('main');
    expect(made).toEqual({ outcome: 'made', branch: 'main', commit: head, author: null });
    expect(repository.git('log', '-1', '--format=%B', head)).toBe(`Edit\n\n${trailer}`);
    expect(repository.git('log', '-1', '--format=%P', head)).toBe(repository.main.after);
    expect(repository.files(head)).toEqual(['100644 b/new.md', '100644 guides/a.md', '100644 index.md']);
    expect(await worker().ghes.calls()).toEqual(['GET /git/ref/heads/main', 'POST /graphql']);
    expect(await worker().ghes.grants()).toContain(`${worker().ghes.repository.id} {"contents":"write"}`);
    await eventually(() => repository.project.hasDeployed(head));
  });

  it('commits as the actor’s account if the actor signed in on the server', async () => {
    await repository.start();
    worker().vault.logins.set(actor.subject, 'octocat');
    expect(await repository.commit([write('index.md', 'x')])).toMatchObject({ outcome: 'made', author: 'octocat' });
    expect(repository.git('log', '-1', '--format=%an: %B', 'main')).toBe('Mona Lisa Octocat: Edit');
  });

  it('does not commit as the app if the server suspended the actor’s account', async () => {
    await repository.start();
    worker().vault.broken.add(actor.subject);
    const message = expect.stringMatching(/^Nothing was done\. Your account is suspended\. Or remove your sign-in/);
    await expect(repository.commit([write('index.md', 'x')])).rejects.toMatchObject({ code: 'forbidden', message });
    expect(worker().ghes.git.head('main')).toBe(repository.main.after);
  });

  it('commits executable bits, binary files and renames', async () => {
    await repository.start();
    const bytes = Buffer.from([0xff, 0, 0x80, 0x0a]);
    await repository.commit([
      change('chmod', 'run.sh', { executable: true }),
      write('logo.png', bytes),
      change('rename', 'guides/ä b.md', { from: 'guides/a.md' }),
    ]);
    const head = worker().ghes.git.head('main');
    expect(repository.files(head)).toEqual([
      '100644 guides/ä b.md',
      '100644 index.md',
      '100644 logo.png',
      '100755 run.sh',
    ]);
    expect(repository.git('rev-parse', `${head}:guides/ä b.md`)).toBe(
      repository.git('rev-parse', `${repository.main.after}:guides/a.md`),
    );
    expect(repository.git('rev-parse', `${head}:logo.png`)).toBe(worker().ghes.git.blobId(bytes));
    const rewritten = await repository.commit([write('run.sh', 'false\n')], { expectedHead: head });
    expect(repository.files(worker().ghes.git.head('main'))).toContain('100755 run.sh');
    expect(rewritten.outcome).toBe('made');
  });

  it('limits how many binary files of a commit are uploaded concurrently', async () => {
    await repository.start();
    const { ghes } = worker();
    await ghes.fault('POST /git/blobs', { pause: 'request', count: 12 });
    const changes = Array.from({ length: 12 }, (_, n) => write(`${n}.bin`, Buffer.from([0xff, 0, n])));
    const made = repository.commit(changes, { branch: 'binaries', newBranch: true });
    await eventually(async () => (await ghes.paused()) === 6, { state: () => ghes.paused() });
    await setTimeout(200);
    expect(await ghes.paused()).toBe(6);
    await ghes.clearFaults();
    expect(await made).toMatchObject({ outcome: 'made' });
  });

  it('commits uploads by blobs that are sent in pieces, and deletes them', async () => {
    await repository.start();
    const large = Buffer.alloc(8_000_000, 'a large file ');
    const upload = await repository.upload(large);
    const made = await repository.commit([
      change('write', 'video.mp4', { upload }),
      change('rename', 'guides/b.md', { from: 'guides/a.md', upload: await repository.upload(Buffer.alloc(0)) }),
      write('index.md', 'text'),
    ]);
    expect(made.outcome).toBe('made');
    const head = worker().ghes.git.head('main');
    expect(repository.git('rev-parse', `${head}:video.mp4`)).toBe(worker().ghes.git.blobId(large));
    expect(repository.git('cat-file', '-s', `${head}:guides/b.md`)).toBe('0');
    const blobs = (await worker().ghes.calls()).filter((call) => call === 'POST /git/blobs');
    expect(blobs).toHaveLength(2);
    expect(await repository.uploads()).toEqual([]);
  });

  it('keeps an upload for another attempt after a conflict', async () => {
    await repository.start();
    worker().ghes.git.push('main', { 'index.md': 'theirs' });
    const upload = await repository.upload(Buffer.from('mine'));
    expect(await repository.commit([change('write', 'a.txt', { upload })])).toMatchObject({ outcome: 'conflict' });
    expect(await repository.uploads()).toEqual([upload.id]);
    await worker().resources.dataSource.query('DELETE FROM upload');
    await expect(repository.commit([change('write', 'a.txt', { upload })])).rejects.toMatchObject({
      code: 'not-found',
      message: 'The upload of a.txt no longer exists. Upload the file again.',
    });
  });

  it('commits a new file at a path that the same commit renames', async () => {
    await repository.start();
    await repository.commit([change('rename', 'bin/run.sh', { from: 'run.sh' }), write('run.sh', 'exec bin/run.sh\n')]);
    const head = worker().ghes.git.head('main');
    expect(repository.files(head)).toEqual([
      '100644 bin/run.sh',
      '100644 guides/a.md',
      '100644 index.md',
      '100644 run.sh',
    ]);
    expect(repository.git('show', `${head}:run.sh`)).toBe('exec bin/run.sh');
    expect(repository.git('rev-parse', `${head}:bin/run.sh`)).toBe(
      repository.git('rev-parse', `${repository.main.after}:run.sh`),
    );
  });

  it('creates the branch of a commit, and rejects an existing or missing branch', async () => {
    await repository.start();
    const own = { branch: 'docs/topic', newBranch: true };
    const made = await repository.commit([write('index.md', 'topic')], own);
    expect(made).toMatchObject({ outcome: 'made', commit: worker().ghes.git.head('docs/topic') });
    expect(worker().ghes.git.head('main')).toBe(repository.main.after);
    await eventually(() => repository.project.hasDeployed(worker().ghes.git.head('docs/topic')));
    await expect(repository.commit([write('index.md', 'other')], own)).rejects.toMatchObject({ code: 'conflict' });
    await expect(repository.commit([write('x.md', 'x')], { branch: 'nowhere' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('reports a conflict with its files and writes nothing if the branch has moved', async () => {
    await repository.start();
    const moved = worker().ghes.git.push('main', { 'index.md': 'theirs', 'other.md': 'theirs' });
    const conflict = { outcome: 'conflict', head: moved.after };
    expect(await repository.commit([write('index.md', 'ours'), write('guides/a.md', 'ours')])).toEqual({
      ...{ ...conflict, files: ['index.md'] },
    });
    expect(await repository.commit([write('guides/a.md', 'ours')])).toEqual({ ...conflict, files: [] });
    expect(worker().ghes.git.head('main')).toBe(moved.after);
  });

  it('reports a conflict if the branch was force-pushed to an unrelated history', async () => {
    await repository.start();
    const other = worker().ghes.git.unrelatedCommit({ 'index.md': '# Home\n' });
    worker().ghes.git.set('refs/heads/main', other);
    expect(await repository.commit([write('index.md', 'ours')])).toEqual({
      outcome: 'conflict',
      head: other,
      files: [],
    });
  });

  it('reports a conflict if the branch moves during the write', async () => {
    await repository.start();
    const { git } = worker().ghes;
    git.push('race', { 'index.md': 'theirs' });
    for (const executable of [null, true]) {
      const whilePaused = await worker().ghes.pause('POST /graphql');
      const conflict = repository.commit([write('index.md', 'ours', executable)]);
      await whilePaused(() => git.set('refs/heads/main', 'refs/heads/race'));
      expect(await conflict).toMatchObject({ outcome: 'conflict', files: ['index.md'] });
      expect(git.head('main')).toBe(git.head('race'));
      git.set('refs/heads/main', repository.main.after);
    }
  });

  it.each([null, true])(
    'does not overwrite a branch that is reset during the write (executable: %s)',
    async (executable) => {
      await repository.start();
      const forced = worker().ghes.git.push('main', { 'index.md': 'more' }).before;
      const expectedHead = worker().ghes.git.head('main');
      const whilePaused = await worker().ghes.pause('POST /graphql');
      const ours = [write('index.md', 'ours', executable), change('delete', 'guides/a.md')];
      const conflict = { outcome: 'conflict', head: forced, files: ['index.md'] };
      const result = repository.commit(ours, { expectedHead });
      await whilePaused(() => worker().ghes.git.set('refs/heads/main', forced));
      expect(await result).toEqual(conflict);
      expect(worker().ghes.git.head('main')).toBe(forced);
      expect((await worker().ghes.calls()).filter((call) => call.startsWith('PATCH'))).toEqual([]);
    },
  );

  it('commits mode changes on a server without the GraphQL mutation updateRefs', async () => {
    await repository.start();
    const { ghes } = worker();
    const message = "Field 'updateRefs' doesn't exist on type 'Mutation'";
    await ghes.fault('POST /graphql', { count: 2, status: 200, body: { data: null, errors: [{ message }] } });
    const made = await repository.commit([write('index.md', 'ours', true)]);
    const head = ghes.git.head('main');
    expect(made).toMatchObject({ outcome: 'made', commit: head });
    expect(repository.files(head)).toContain('100755 index.md');
    expect((await ghes.calls()).slice(-2)).toEqual(['POST /graphql', 'PATCH /git/refs/heads/main']);
    ghes.git.push('race', { 'index.md': 'theirs' });
    const whilePaused = await ghes.pause('PATCH /git/refs/*');
    const lost = repository.commit([write('index.md', 'ours again')], { expectedHead: head });
    await whilePaused(() => ghes.git.set('refs/heads/main', 'refs/heads/race'));
    expect(await lost).toMatchObject({ outcome: 'conflict', files: ['index.md'] });
    expect(ghes.git.head('main')).toBe(ghes.git.head('race'));
  });

  it.each([null, true])('commits once, also if the response was lost (executable: %s)', async (executable) => {
    await repository.start();
    const changes = [write('index.md', 'ours', executable)];
    worker().vault.logins.set(actor.subject, 'octocat');
    await worker().ghes.fault('POST /graphql', { kind: 'cut-body' });
    const made = await repository.commit(changes);
    const head = worker().ghes.git.head('main');
    expect(made).toMatchObject({ outcome: 'made', commit: head });
    // The worker died before it reported the commit, and another push followed.
    worker().ghes.git.push('main', { 'later.md': 'x' });
    expect(await repository.commit(changes)).toEqual(made);
    expect(repository.git('rev-list', '--count', `${repository.main.after}..main`)).toBe('2');
    worker().vault.logins.set(actor.subject, 'hubot');
    expect(await repository.commit(changes)).toMatchObject({ outcome: 'conflict' });
  });

  it('explains why a commit is denied: branch protection, a missing permission, the actor’s account', async () => {
    await repository.start();
    await worker().ghes.protect('main');
    const denied = {
      code: 'forbidden',
      message: expect.stringContaining('protected on the server: Changes must be'),
    };
    await expect(repository.commit([write('index.md', 'x')])).rejects.toMatchObject(denied);
    await expect(repository.commit([write('index.md', 'x', true)])).rejects.toMatchObject(denied);
    const body = { message: 'Resource not accessible by integration' };
    await worker().ghes.faultEverywhere({ status: 403, body, count: 100 });
    const missing = { code: 'forbidden', message: expect.stringContaining('contents: write') };
    await expect(repository.commit([write('index.md', 'x')])).rejects.toMatchObject(missing);
    worker().vault.logins.set(actor.subject, 'octocat');
    const personal = { code: 'forbidden', message: expect.stringContaining('octocat') };
    await expect(repository.commit([write('index.md', 'x')])).rejects.toMatchObject(personal);
  });

  it('requires the permission for workflows to commit them, and names it if it is missing', async () => {
    await repository.start();
    const db = worker().resources.dataSource.manager;
    const id = worker().ghes.installationId;
    const owned = { id, owner: 'acme', repositorySelection: 'all' as const, suspended: false };
    const installation = {
      connectionId: repository.project.connectionId,
      ...owned,
      permissions: { contents: 'write' },
    };
    await db.insert(InstallationEntity, installation);
    const changes = [write('.github/workflows/docs.yml', 'on: push\n')];
    const missing = { code: 'forbidden', message: expect.stringContaining('"Workflows: write" on acme') };
    await expect(repository.commit(changes)).rejects.toMatchObject(missing);
    await db.update(InstallationEntity, { id }, { permissions: { contents: 'write', workflows: 'write' } });
    expect(await repository.commit(changes)).toMatchObject({ outcome: 'made' });
    const granted = `${worker().ghes.repository.id} {"contents":"write","workflows":"write"}`;
    expect(await worker().ghes.grants()).toContain(granted);
  });

  it('looks for the commit of a lost worker, and reports an unknown outcome if it finds none', async () => {
    await repository.start();
    const db = worker().resources.dataSource.manager;
    const late = async (changes: RequestedChange[]) => {
      const request = { branch: 'main', newBranch: false, expectedHead: repository.main.after, message: 'Edit' };
      const requestId = await saveCommitRequest(
        db,
        { repositoryId: repository.project.repositoryId, ...request },
        changes,
      );
      await beginCommitRequest(db, requestId);
      const payload = { requestId, actor, deadline: new Date(Date.now() - 1).toISOString() };
      return worker().resources.producer.addAndWait(jobs.makeCommit, payload, 30_000);
    };
    const made = await repository.commit([write('index.md', 'ours')]);
    expect(made).toMatchObject({ outcome: 'made', commit: worker().ghes.git.head('main') });
    expect(await late([write('index.md', 'ours')])).toEqual(made);
    const unknown = {
      code: 'outcome-unknown',
      message: expect.stringMatching(/^It is unknown whether the change was made/),
    };
    await expect(late([write('index.md', 'others')])).rejects.toMatchObject(unknown);
    expect(worker().ghes.git.head('main')).toBe(made.outcome === 'made' && made.commit);
  });

  it('commits nothing after the deadline, and deletes the request', async () => {
    await repository.start();
    const db = worker().resources.dataSource.manager;
    const request = {
      repositoryId: repository.project.repositoryId,
      branch: 'main',
      newBranch: false,
      expectedHead: repository.main.after,
    };
    const requestId = await saveCommitRequest(db, { ...request, message: 'x' }, [write('index.md', 'x')]);
    const late = { requestId, actor, deadline: new Date(Date.now() - 1).toISOString() };
    await expect(worker().resources.producer.addAndWait(jobs.makeCommit, late, 30_000)).rejects.toMatchObject({
      code: 'job-too-late',
    });
    expect(await db.query('SELECT 1 FROM commit_request_file')).toEqual([]);
    expect(await worker().ghes.calls()).toEqual([]);
  });
});
