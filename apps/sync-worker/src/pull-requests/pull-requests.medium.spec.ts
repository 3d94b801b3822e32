import { expect, it } from '@jest/globals';
import { InstallationEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { JobDefinition, ResultOf } from '@reunite/contracts';
import { PullRequestEntity } from '@reunite/pull-requests';
import { eventually } from '@reunite/testing';
import type { z } from 'zod';
import { onBothQueues } from '../../test/use-worker.js';
import type { Project } from '../../test/project.js';
import type { TestGhes } from '../../test/test-ghes.js';

const actor = { subject: 'usr_ada', name: 'Ada *Lovelace*' };
const signature = 'Requested by Ada \\*Lovelace\\* via Reunite';

onBothQueues((worker) => {
  const begin = async () => {
    await worker().start();
    const project = await worker().connect();
    const { ghes } = worker();
    ghes.git.push('main', { 'index.md': '# Welcome\n' });
    const { after: head } = ghes.git.push('topic', { 'index.md': '# Changed\n' }, 'First');
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const { repositoryId } = project;
    const mirrored = () =>
      worker().resources.dataSource.manager.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });
    return { project, ghes, mirrored, one: { repositoryId, number: 1, actor, deadline }, head };
  };
  /** As {@link begin}, with an open pull request #1. */
  const beginOpened = async (own: object = {}) => {
    const begun = await begin();
    await begun.ghes.openPullRequest('topic', own);
    await begun.ghes.forgetRequests();
    return begun;
  };
  const writes = async () => {
    const sent = await worker().ghes.pullRequestWrites();
    return sent.map(({ method, path }) => `${method} ${path}`);
  };
  const lastWrite = async () => (await worker().ghes.pullRequestWrites()).at(-1);
  /** Makes the server answer the next `count` requests with other members than its own. */
  const changed = (route: string, members: object, count = 1) =>
    worker().ghes.fault(route, { kind: 'changed-members', body: members, count });
  const ask = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<ResultOf<J>> =>
    worker().resources.producer.addAndWait(job, payload, 30_000);
  const failure = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>) =>
    ask(job, payload).then(
      () => Promise.reject(new Error('The job succeeded.')),
      (error: unknown) => error as { code: string; message: string },
    );
  const grant = (project: Project, permissions: Record<string, string>) =>
    worker().resources.dataSource.manager.insert(InstallationEntity, {
      ...{
        connectionId: project.connectionId,
        id: worker().ghes.installationId,
        owner: 'acme',
        repositorySelection: 'all' as const,
      },
      ...{ suspended: false, permissions },
    });
  const opening = { title: 'Words', body: 'Why.', headBranch: 'topic', baseBranch: 'main', draft: true };

  it('opens a pull request as the app, names the actor, and ignores the delivery of its own change', async () => {
    const { project, ghes, mirrored, one } = await begin();
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    expect(await lastWrite()).toMatchObject({
      body: { title: 'Words', body: `Why.\n\n${signature}`, draft: true },
      granted: { permissions: { pull_requests: 'write' } },
    });
    const created = await mirrored();
    expect(created).toMatchObject({ title: 'Words', draft: true, headBranch: 'topic' });
    const echo = await project.deliverPullRequest('opened', await ghes.pullRequest(1));
    await eventually(async () => (await project.outcome(echo)) !== null);
    expect(await project.outcome(echo)).toBe('Pull request #1 is open, as mirrored before');
    expect(await mirrored()).toEqual(created);
  });

  it('opens a pull request once, also if the response was lost, and reports a conflict for a different one', async () => {
    const { ghes, one } = await begin();
    await ghes.fault('POST /pulls', { kind: 'cut-body' });
    await ask(jobs.createPullRequest, { ...one, ...opening }).catch(() => undefined);
    await ghes.editPullRequest(1, { body: `Why.\r\n\r\n${signature}` });
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    for (const other of [{ title: 'Other' }, { body: 'Other.' }, { draft: false }]) {
      expect(await failure(jobs.createPullRequest, { ...one, ...opening, ...other })).toMatchObject({
        code: 'conflict',
      });
    }
  });

  it('succeeds if the opened pull request cannot be mirrored', async () => {
    const { one } = await begin();
    // Before the first date of PostgreSQL.
    await changed('POST /pulls', { updated_at: '-010000-01-01T00:00:00Z' });
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
  });

  it('uses the token of the actor’s account if the actor signed in on the server', async () => {
    const { ghes, one } = await begin();
    worker().vault.logins.set(actor.subject, 'hubot');
    await ask(jobs.createPullRequest, { ...one, ...opening });
    expect(await lastWrite()).toMatchObject({ body: { body: 'Why.' }, granted: null });
    expect(await ghes.pullRequest(1)).toMatchObject({ user: { login: 'hubot' } });
    await ghes.fault('PATCH /pulls/1', { status: 403, body: { message: 'Must have push access to repository.' } });
    const error = await failure(jobs.updatePullRequest, { ...one, title: 'No' });
    expect(error).toMatchObject({ code: 'forbidden', message: expect.stringContaining('hubot') });
  });

  it('names the permission that the app lacks, and sends no request', async () => {
    const { project, one, head } = await beginOpened();
    await grant(project, { contents: 'write', pull_requests: 'read' });
    const error = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(error).toMatchObject({ code: 'forbidden' });
    expect(error.message).toMatch(/needs the permission "Pull requests: write" on acme; it has "read"/);
    await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(await writes()).toEqual([]);
    expect(await ask(jobs.readPullRequest, one)).toMatchObject({ body: '' });
  });

  it('names the permission that reads require', async () => {
    const { project, one } = await beginOpened();
    await grant(project, { contents: 'read', metadata: 'read' });
    const denials = [
      await failure(jobs.readPullRequest, one),
      await failure(jobs.listPullRequestFiles, { ...one, page: 1, limit: 3 }),
      await failure(jobs.fetchPullRequestContent, one),
    ];
    const named = { code: 'forbidden', message: expect.stringContaining('"Pull requests: read" on acme') };
    expect(denials).toMatchObject([named, named, named]);
  });

  it('requires contents: write to convert to a draft, as servers do', async () => {
    const { project, one } = await beginOpened();
    await grant(project, { contents: 'read', pull_requests: 'write' });
    const error = await failure(jobs.updatePullRequest, { ...one, draft: true });
    expect(error).toMatchObject({ code: 'forbidden', message: expect.stringContaining('"Contents: write"') });
    expect(await writes()).toEqual([]);
    await ask(jobs.updatePullRequest, { ...one, title: 'Better' });
    expect(await lastWrite()).toMatchObject({ granted: { permissions: { contents: 'read' } } });
  });

  it('edits, marks as ready, closes and reopens a pull request, and mirrors each change at once', async () => {
    const { ghes, mirrored, one } = await beginOpened({ draft: true });
    const body = async () => (await ghes.pullRequest(1)).body;
    ghes.git.set('refs/heads/next', 'refs/heads/main');
    await ask(jobs.updatePullRequest, { ...one, title: 'Better', body: 'Text', baseBranch: 'next' });
    expect(await body()).toBe(`Text\n\n${signature}`);
    expect(await mirrored()).toMatchObject({ title: 'Better', baseBranch: 'next', draft: true });
    await ask(jobs.updatePullRequest, { ...one, body: `Again\n\n${signature}`, draft: false });
    expect(await body()).toBe(`Again\n\n${signature}`);
    expect(await mirrored()).toMatchObject({ draft: false });
    await ask(jobs.updatePullRequest, { ...one, draft: false });
    expect((await writes()).filter((write) => write.includes('graphql'))).toHaveLength(1);
    await ask(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(await mirrored()).toMatchObject({ state: 'closed' });
    await ask(jobs.updatePullRequest, { ...one, state: 'open', draft: true });
    expect(await mirrored()).toMatchObject({ state: 'open', draft: true });
  });

  it('explains why no pull request is opened', async () => {
    const { ghes, one } = await beginOpened();
    ghes.git.set('refs/heads/same', 'refs/heads/main');
    const reasons: [object, RegExp, string][] = [
      [{}, /already exists: #1 "A change", http.*\/pull\/1/, 'conflict'],
      [{ headBranch: 'same' }, /"same" has no commit that "main" lacks/, 'invalid-input'],
      [{ baseBranch: 'nowhere' }, /no branch "nowhere" to merge into/, 'invalid-input'],
    ];
    for (const [own, message, code] of reasons) {
      const error = await failure(jobs.createPullRequest, { ...one, ...opening, ...own });
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });

  it('merges only the given head, and names the actor in the message', async () => {
    const { ghes, mirrored, one, head } = await beginOpened();
    const merged = await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: head, message: 'Done' });
    expect(merged).toEqual({ commit: ghes.git.head('main') });
    const message = { commit_message: `Done\n\n${signature}` };
    expect((await lastWrite())?.body).toMatchObject({ sha: head, merge_method: 'squash', ...message });
    expect(await mirrored()).toMatchObject({ state: 'merged' });
    // Version 2026-03-10 of the API does not return it.
    expect(await ghes.pullRequest(1)).not.toHaveProperty('merge_commit_sha');
  });

  it.each([
    [{}, `* First\n\n* Second\n\n${signature}`],
    [{ squash_merge_commit_message: 'PR_BODY' }, `Why.\n\n${signature}`],
    [{ squash_merge_commit_message: 'BLANK' }, signature],
  ])('squashes with the message that the repository’s settings define: %j', async (settings, message) => {
    const { ghes, one } = await beginOpened({ body: 'Why.' });
    const { after } = ghes.git.push('topic', { 'second.md': '# Second\n' }, 'Second');
    await changed('GET ', settings, 10);
    await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: after });
    expect((await lastWrite())?.body).toMatchObject({ commit_message: message });
  });

  it('succeeds if the merged pull request cannot be read', async () => {
    const { ghes, one, head } = await beginOpened();
    await ghes.fault('GET /pulls/1', { status: 404, count: 10 });
    const asked = { ...one, method: 'squash', headCommit: head, message: 'Done' } as const;
    const merged = await ask(jobs.mergePullRequest, asked);
    expect(merged).toEqual({ commit: ghes.git.head('main') });
  });

  it('returns the merge of a lost run, also after the deadline, and only for the same head', async () => {
    const { ghes, one, head } = await beginOpened();
    const asked = { ...one, v: 1 as const, method: 'squash' as const, headCommit: head };
    const merged = await ask(jobs.mergePullRequest, asked);
    expect(merged).toEqual({ commit: ghes.git.head('main') });
    const late = { ...asked, deadline: new Date(Date.now() - 1).toISOString() };
    expect(await worker().rerun('mergePullRequest', asked)).toEqual(merged);
    expect(await worker().rerun('mergePullRequest', late)).toEqual(merged);
    expect(await writes()).toHaveLength(1);
    const other = worker().rerun('mergePullRequest', { ...late, headCommit: '0'.repeat(40) });
    await expect(other).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('limits the number and size of reviews', async () => {
    const { ghes, one } = await beginOpened();
    for (let n = 0; n < 260; n += 1) {
      await ghes.review(1, 'hubot', 'COMMENT', n === 10 ? 'x'.repeat(10_001) : String(n));
    }
    const { reviews } = await ask(jobs.readPullRequest, one);
    expect([reviews.length, reviews.at(-1)?.body, reviews[0]?.body.length]).toEqual([250, '259', 10_000]);
  });

  it.each<[string, (ghes: TestGhes) => unknown, RegExp]>([
    [
      'the head has moved',
      (ghes) => {
        ghes.git.push('topic', { 'index.md': '# Changed again\n' });
      },
      /moved on from \w{7}/,
    ],
    [
      'the method is not allowed',
      async (ghes) => {
        const message = 'Merge commits are not allowed on this repository.';
        await ghes.fault('PUT /pulls/1/merge', { status: 405, body: { message } });
        await changed('GET ', { allow_merge_commit: false, allow_rebase_merge: false }, 10);
      },
      /does not allow the method "merge". It allows: squash\./,
    ],
    [
      'it conflicts',
      (ghes) => {
        ghes.git.push('main', { 'index.md': '# Theirs\n' });
      },
      /conflict with main/,
    ],
    [
      'a rule is not met',
      (ghes) => ghes.protect('main'),
      /The server answers: At least 1 approving review is required/,
    ],
  ])('explains why a merge fails: %s', async (_, prevent, message) => {
    const { ghes, one, head } = await beginOpened();
    await prevent(ghes);
    const error = await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringMatching(message) });
  });

  it('updates a branch only from the given head', async () => {
    const { ghes, one, head } = await beginOpened();
    ghes.git.push('main', { 'other.md': '# Moved on\n' });
    await ask(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect((await lastWrite())?.body).toEqual({ expected_head_sha: head });
    const error = await failure(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('moved on') });
  });

  it('names the permission for workflows that the server requires, and requests it if it is granted', async () => {
    const { ghes, one, head, project } = await beginOpened();
    ghes.git.push('main', { '.github/workflows/ci.yml': 'on: push\n' });
    const text =
      'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission';
    const named = { code: 'forbidden', message: expect.stringContaining('The app needs the permission "workflows"') };
    for (const [route, job, own] of [
      ['PUT /pulls/1/update-branch', jobs.updatePullRequestBranch, {}],
      ['PUT /pulls/1/merge', jobs.mergePullRequest, { method: 'merge' }],
    ] as const) {
      await ghes.fault(route, { status: 403, body: { message: text } });
      expect(await failure(job, { ...one, ...own, headCommit: head })).toMatchObject(named);
    }
    await grant(project, { contents: 'write', pull_requests: 'write', workflows: 'write' });
    await ask(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect((await lastWrite())?.granted?.permissions).toMatchObject({ workflows: 'write' });
  });

  it('sends no write after the deadline, and fails on a rate limit without waiting', async () => {
    const { ghes, one } = await beginOpened();
    const late = { ...one, deadline: new Date(Date.now() - 1_000).toISOString(), state: 'closed' as const };
    expect(await failure(jobs.updatePullRequest, late)).toMatchObject({ code: 'job-too-late' });
    expect(await writes()).toEqual([]);
    await ghes.fault('PATCH /pulls/1', { kind: 'secondary-limit', bare: true, status: 429 });
    const limited = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(limited).toMatchObject({ code: 'ghes-rate-limited', retryable: true });
  });

  it('reads a pull request, and polls while the server computes whether it is mergeable', async () => {
    const { ghes, mirrored, one, head } = await beginOpened();
    const uncertain = { mergeable: null, mergeable_state: 'unknown' };
    await changed('GET /pulls/1', uncertain, 2);
    await ghes.protect('main', { requiredApprovals: 1, requiredContexts: ['CI', 'lint'] });
    await ghes.api('POST', `/statuses/${head}`, { state: 'success', context: 'ci', description: 'Passed' });
    const reviews = [review('hubot', 'COMMENTED'), review('hubot', 'APPROVED'), review('mallory', 'DISMISSED')];
    await ghes.fault('GET /pulls/1/reviews', { status: 200, body: reviews });
    await ghes.fault('GET */check-runs', { status: 403, body: { message: 'Resource not accessible by integration' } });
    const read = await ask(jobs.readPullRequest, one);
    expect((await ghes.calls(/^\/pulls\/1$/)).length).toBeGreaterThan(2);
    // Servers compare names of checks without regard to case: `ci` satisfies `CI`.
    const reason = expect.stringContaining('not passed: lint.');
    expect(read.readiness).toMatchObject({ state: 'failed-requirements', reason });
    expect(read.reviews.map(({ state }) => state)).toEqual(['commented', 'approved', 'dismissed']);
    // The app may not read check runs here: the statuses are returned without them.
    expect(read.checks).toEqual([{ name: 'ci', state: 'success', description: 'Passed', url: null }]);
    expect(await mirrored()).toMatchObject({ title: 'A change' });
    const rulesets = [{ type: 'required_linear_history' }, { type: 'required_signatures' }];
    await ghes.fault('GET /rules/branches/main', { status: 200, body: rulesets });
    await ghes.fault('GET /branches/main/protection', { status: 404 });
    expect((await ask(jobs.readPullRequest, one)).readiness).toMatchObject({
      ...{ state: 'failed-requirements', reason: expect.stringContaining('main requires signed commits') },
      methods: ['squash', 'rebase'],
    });
    await changed('GET /pulls/1', uncertain, 100);
    expect((await ask(jobs.readPullRequest, one)).readiness).toMatchObject({ state: 'unknown', mergeable: false });
  });

  it('requests reviewers, and comments as the app with the name of the actor, once', async () => {
    const { ghes, one } = await beginOpened();
    const reviewers = (users: string[]) => ask(jobs.setRequestedReviewers, { ...one, users, teams: [] });
    expect(await reviewers(['hubot'])).toEqual({ users: ['hubot'], teams: [] });
    expect((await ask(jobs.readPullRequest, one)).requestedReviewers).toEqual({ users: ['hubot'], teams: [] });
    expect(await reviewers([])).toEqual({ users: [], teams: [] });
    expect(await failure(jobs.setRequestedReviewers, { ...one, users: ['mallory'], teams: [] })).toMatchObject({
      code: 'invalid-input',
    });
    const written = await ask(jobs.createPullRequestComment, { ...one, body: 'Please explain.' });
    expect(written).toMatchObject({ kind: 'conversation', body: `Please explain.\n\n${signature}` });
    const line = { path: 'index.md', line: 1, body: 'Better.' };
    await ghes.fault('GET /pulls/1/comments', {
      status: 200,
      body: [
        { ...line, id: 9, user: null, html_url: 'https://x/', created_at: '2020-01-01', updated_at: '2020-01-01' },
      ],
    });
    expect(await ask(jobs.listPullRequestComments, one)).toMatchObject({
      items: [{ ...line, kind: 'line', author: 'ghost' }, { id: written.id }],
      truncated: false,
    });
  });

  it('lists changed files in pages, with the reason for a missing patch', async () => {
    const { ghes, one, head } = await beginOpened();
    const file = (filename: string, own: object) => ({
      ...{ sha: 'a'.repeat(40), filename, status: 'modified', additions: 1, deletions: 0, ...own },
    });
    const files = [
      file('a.md', { patch: '@@ -1 +1 @@' }),
      file('b.png', { additions: 0, status: 'added' }),
      file('c.md', { additions: 90_000 }),
      file('d.md', { additions: 0, status: 'renamed', previous_filename: 'old.md' }),
      file('e.md', { patch: 'x'.repeat(200_001) }),
    ];
    await ghes.fault('GET /pulls/1/files', { status: 200, body: files.slice(0, 3) });
    await ghes.fault('GET /pulls/1/files', { status: 200, body: files.slice(3) });
    await changed('GET /pulls/1', { changed_files: files.length }, 2);
    const first = await ask(jobs.listPullRequestFiles, { ...one, page: 1, limit: 3 });
    const second = await ask(jobs.listPullRequestFiles, { ...one, page: 2, limit: 3, head: first.head });
    expect(first.head).toBe(head);
    expect([first.more, second.more]).toEqual([true, false]);
    expect([...first.files, ...second.files].map(({ path, patchMissing }) => [path, patchMissing])).toEqual([
      ['a.md', null],
      ['b.png', 'binary'],
      ['c.md', 'too-large'],
      ['d.md', 'unchanged'],
      ['e.md', 'too-large'],
    ]);
    expect(second.files[0]).toMatchObject({ status: 'renamed', previousPath: 'old.md' });
    ghes.git.push('topic', { 'index.md': '# Other files\n' });
    const late = await failure(jobs.listPullRequestFiles, { ...one, page: 2, limit: 3, head: first.head });
    expect(late).toMatchObject({ code: 'conflict', message: expect.stringContaining('from the start') });
  });

  it('stores both sides of a change in the content store', async () => {
    const { project, one, head } = await beginOpened();
    const start = worker().ghes.git.git('merge-base', 'main', 'topic');
    worker().ghes.git.push('main', { 'index.md': '# Moved on\n' });
    const { before, after } = await ask(jobs.fetchPullRequestContent, one);
    expect([before.commit, after.commit]).toEqual([start, head]);
    const objects = worker().resources.content.repository(project.repositoryId);
    const text = async (tree: string | null) => {
      const entry = await objects.readPath(tree ?? '', 'index.md');
      return (await objects.read(entry?.id ?? '')).body.toString();
    };
    expect([await text(before.tree), await text(after.tree)]).toEqual(['# Welcome\n', '# Changed\n']);
  });

  it('fetches the pull request if two deliveries have the same second', async () => {
    const { project, ghes, mirrored } = await beginOpened();
    const opened = await ghes.pullRequest(1);
    const deliver = async (own: object) => {
      const id = await project.deliverPullRequest('edited', { ...opened, ...own });
      await eventually(async () => (await project.outcome(id)) !== null);
      return project.outcome(id);
    };
    await deliver({ title: 'First' });
    await ghes.editPullRequest(1, { title: 'Last' });
    expect(await deliver({ title: 'Second' })).toMatch(/will be fetched from the server/);
    await eventually(async () => (await mirrored()).title === 'Last');
  });
});

const review = (login: string, state: string) => ({ id: 1, user: { id: 2, login }, state, body: '', commit_id: null });
