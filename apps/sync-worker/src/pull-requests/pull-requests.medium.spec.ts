import { expect, it } from '@jest/globals';
import { InstallationEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { JobDefinition, ResultOf } from '@reunite/contracts';
import { PullRequestEntity } from '@reunite/pull-requests';
import { eventually } from '@reunite/testing';
import type { z } from 'zod';
import { onBothQueues } from '../../test/on-both-queues.js';
import type { Project } from '../../test/project.js';
import { PullRequestServer } from '../../test/pull-request-server.js';

const actor = { subject: 'usr_ada', name: 'Ada *Lovelace*' };
const signature = 'Requested by Ada \\*Lovelace\\* via Reunite';

onBothQueues((worker) => {
  const begin = async () => {
    await worker().start();
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome\n' });
    git.push('topic', { 'index.md': '# Changed\n' });
    const server = new PullRequestServer(worker().ghes, 'topic');
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const { repositoryId } = project;
    const mirrored = () =>
      worker().resources.dataSource.manager.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });
    return { project, server, mirrored, one: { repositoryId, number: 1, actor, deadline }, head: git.head('topic') };
  };
  const ask = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<ResultOf<J>> =>
    worker().resources.producer.addAndWait(job, payload, 30_000);
  const failure = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>) =>
    ask(job, payload).then(
      () => Promise.reject(new Error('The job succeeded.')),
      (error: unknown) => error as { code: string; message: string },
    );
  const grant = (project: Project, permissions: Record<string, string>) =>
    worker().resources.dataSource.manager.insert(InstallationEntity, {
      ...{ connectionId: project.connectionId, id: 7, owner: 'acme', repositorySelection: 'all' as const },
      ...{ suspended: false, permissions },
    });
  const opening = { title: 'Words', body: 'Why.', headBranch: 'topic', baseBranch: 'main', draft: true };

  it('opens a pull request as the app, names the actor, and ignores the delivery of its own change', async () => {
    const { project, server, mirrored, one } = await begin();
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    expect(server.sent[0]?.body).toMatchObject({ title: 'Words', body: `Why.\n\n${signature}`, draft: true });
    expect(server.sent[0]?.token).toContain('"pull_requests":"write"');
    const created = await mirrored();
    expect(created).toMatchObject({ title: 'Words', draft: true, headBranch: 'topic' });
    const { number, ...rest } = server.describe();
    const echo = await project.deliver('pull_request', { action: 'opened', number, pull_request: rest });
    await eventually(async () => (await project.outcome(echo)) !== null);
    expect(await project.outcome(echo)).toBe('Pull request #1 is open, as mirrored before');
    expect(await mirrored()).toEqual(created);
  });

  it('opens a pull request once, also if the response was lost, and reports a conflict for a different one', async () => {
    const { server, one } = await begin();
    const taken = {
      message: 'Validation Failed',
      errors: [{ message: 'A pull request already exists for acme:topic.' }],
    };
    await ask(jobs.createPullRequest, { ...one, ...opening });
    server.body = `Why.\r\n\r\n${signature}`;
    server.nextError = [422, taken];
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    for (const other of [{ title: 'Other' }, { body: 'Other.' }, { draft: false }]) {
      server.nextError = [422, taken];
      expect(await failure(jobs.createPullRequest, { ...one, ...opening, ...other })).toMatchObject({
        code: 'conflict',
      });
    }
  });

  it('succeeds if the opened pull request cannot be mirrored', async () => {
    const { server, one } = await begin();
    // Before the first date of PostgreSQL.
    server.updatedAt = '-010000-01-01T00:00:00Z';
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
  });

  it('uses the token of the actor’s account if the actor signed in on the server', async () => {
    const { server, one } = await begin();
    worker().vault.logins.set(actor.subject, 'adalove');
    await ask(jobs.createPullRequest, { ...one, ...opening });
    expect(server.sent[0]).toMatchObject({ body: { body: 'Why.' }, token: expect.stringMatching(/token of adalove$/) });
    server.nextError = [403, { message: 'Must have push access to repository.' }];
    const error = await failure(jobs.updatePullRequest, { ...one, title: 'No' });
    expect(error).toMatchObject({ code: 'forbidden', message: expect.stringContaining('adalove') });
  });

  it('names the permission that the app lacks, and sends no request', async () => {
    const { project, server, one, head } = await begin();
    await grant(project, { contents: 'write', pull_requests: 'read' });
    const error = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(error).toMatchObject({ code: 'forbidden' });
    expect(error.message).toMatch(/needs the permission "Pull requests: write" on acme; it has "read"/);
    await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(server.writes()).toEqual([]);
    expect(await ask(jobs.readPullRequest, one)).toMatchObject({ body: '' });
  });

  it('names the permission that reads require', async () => {
    const { project, one } = await begin();
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
    const { project, server, one } = await begin();
    await grant(project, { contents: 'read', pull_requests: 'write' });
    const error = await failure(jobs.updatePullRequest, { ...one, draft: true });
    expect(error).toMatchObject({ code: 'forbidden', message: expect.stringContaining('"Contents: write"') });
    expect(server.writes()).toEqual([]);
    await ask(jobs.updatePullRequest, { ...one, title: 'Better' });
    expect(server.sent[0]?.token).toContain('"contents":"read"');
  });

  it('edits, marks as ready, closes and reopens a pull request, and mirrors each change at once', async () => {
    const { server, mirrored, one } = await begin();
    server.draft = true;
    await ask(jobs.updatePullRequest, { ...one, title: 'Better', body: 'Text', baseBranch: 'next' });
    expect(server.body).toBe(`Text\n\n${signature}`);
    expect(await mirrored()).toMatchObject({ title: 'Better', baseBranch: 'next', draft: true });
    await ask(jobs.updatePullRequest, { ...one, body: `Again\n\n${signature}`, draft: false });
    expect(server.body).toBe(`Again\n\n${signature}`);
    expect(await mirrored()).toMatchObject({ draft: false });
    await ask(jobs.updatePullRequest, { ...one, draft: false });
    expect(server.writes().filter((write) => write.includes('graphql'))).toHaveLength(1);
    await ask(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(await mirrored()).toMatchObject({ state: 'closed' });
    await ask(jobs.updatePullRequest, { ...one, state: 'open', draft: true });
    expect(await mirrored()).toMatchObject({ state: 'open', draft: true });
  });

  it.each<[string, [number, unknown], RegExp, string]>([
    [
      'one exists already',
      [422, { message: 'Validation Failed', errors: [{ message: 'A pull request already exists for acme:topic.' }] }],
      /already exists: #1 "A change", http.*\/pull\/1/,
      'conflict',
    ],
    [
      'the head has no new commits',
      [422, { message: 'Validation Failed', errors: [{ message: 'No commits between main and topic' }] }],
      /"topic" has no commit that "main" lacks/,
      'invalid-input',
    ],
    [
      'a branch is missing',
      [422, { message: 'x', errors: [{ resource: 'PullRequest', field: 'base', code: 'invalid' }] }],
      /no branch "main" to merge into/,
      'invalid-input',
    ],
  ])('explains why no pull request is opened: %s', async (_, response, message, code) => {
    const { server, one } = await begin();
    server.nextError = response;
    const error = await failure(jobs.createPullRequest, { ...one, ...opening });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('merges only the given head, and names the actor in the message', async () => {
    const { server, mirrored, one, head } = await begin();
    const merged = await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: head, message: 'Done' });
    expect(merged).toEqual({ commit: 'f'.repeat(40) });
    const message = { commit_message: `Done\n\n${signature}` };
    expect(server.sent[0]?.body).toMatchObject({ sha: head, merge_method: 'squash', ...message });
    expect(await mirrored()).toMatchObject({ state: 'merged' });
  });

  it.each([
    [{}, `* First\n\n* Second\n\n${signature}`],
    [{ squash_merge_commit_message: 'PR_BODY' }, `Why.\n\n${signature}`],
    [{ squash_merge_commit_message: 'BLANK' }, signature],
  ])('squashes with the message that the repository’s settings define: %j', async (merging, message) => {
    const { server, one, head } = await begin();
    Object.assign(server, { merging, body: 'Why.', commits: ['First', 'Second'] });
    await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: head });
    expect(server.sent[0]?.body).toMatchObject({ commit_message: message });
  });

  it('succeeds if the merged pull request cannot be read', async () => {
    const { server, one, head } = await begin();
    server.hidden = true;
    const asked = { ...one, method: 'squash', headCommit: head, message: 'Done' } as const;
    expect(await ask(jobs.mergePullRequest, asked)).toEqual({ commit: 'f'.repeat(40) });
  });

  it('returns the merge of a lost run, also after the deadline, and only for the same head', async () => {
    const { server, one, head } = await begin();
    const asked = { ...one, v: 1 as const, method: 'squash' as const, headCommit: head };
    const merged = { commit: 'f'.repeat(40) };
    expect(await ask(jobs.mergePullRequest, asked)).toEqual(merged);
    const late = { ...asked, deadline: new Date(Date.now() - 1).toISOString() };
    expect(await worker().rerun('mergePullRequest', asked)).toEqual(merged);
    expect(await worker().rerun('mergePullRequest', late)).toEqual(merged);
    expect(server.sent).toHaveLength(1);
    const other = worker().rerun('mergePullRequest', { ...late, headCommit: '0'.repeat(40) });
    await expect(other).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('limits the number and size of reviews', async () => {
    const { server, one } = await begin();
    const review = { state: 'COMMENTED', body: 'x'.repeat(10_001), commit_id: null };
    server.reviews = Array.from({ length: 260 }, (_, id) => ({ ...review, id, user: { id, login: `u${id}` } }));
    const { reviews } = await ask(jobs.readPullRequest, one);
    expect([reviews.length, reviews.at(-1)?.author, reviews[0]?.body.length]).toEqual([250, 'u259', 10_000]);
  });

  it.each<[string, [number, unknown], Partial<PullRequestServer>, RegExp]>([
    ['the head has moved', [409, { message: 'Head branch was modified.' }], {}, /moved on from \w{7}/],
    [
      'the method is not allowed',
      [405, { message: 'Merge commits are not allowed on this repository.' }],
      { merging: { allow_merge_commit: false, allow_rebase_merge: false } },
      /does not allow the method "merge". It allows: squash\./,
    ],
    [
      'it conflicts',
      [405, { message: 'Pull Request is not mergeable' }],
      { mergeable: [false], mergeableState: 'dirty' },
      /conflict with main/,
    ],
    [
      'a rule is not met',
      [405, { message: 'At least 1 approving review is required.' }],
      { mergeableState: 'blocked' },
      /The server answers: At least 1 approving review is required\./,
    ],
  ])('explains why a merge fails: %s', async (_, nextError, facts, message) => {
    const { server, one, head } = await begin();
    Object.assign(server, facts, { nextError });
    const error = await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringMatching(message) });
  });

  it('updates a branch only from the given head', async () => {
    const { server, one, head } = await begin();
    await ask(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect(server.sent[0]?.body).toEqual({ expected_head_sha: head });
    server.nextError = [422, { message: 'expected head sha didn’t match current head ref.' }];
    const error = await failure(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('moved on') });
  });

  it('sends no write after the deadline, and fails on a rate limit without waiting', async () => {
    const { server, one } = await begin();
    const late = { ...one, deadline: new Date(Date.now() - 1_000).toISOString(), state: 'closed' as const };
    expect(await failure(jobs.updatePullRequest, late)).toMatchObject({ code: 'job-too-late' });
    expect(server.writes()).toEqual([]);
    server.nextError = [429, { message: 'You have exceeded a secondary rate limit.' }];
    const limited = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(limited).toMatchObject({ code: 'ghes-rate-limited', retryable: true });
  });

  it('reads a pull request, and polls while the server computes whether it is mergeable', async () => {
    const { server, mirrored, one } = await begin();
    server.mergeable = [null, null, true];
    server.mergeableState = 'blocked';
    server.rules = {
      required_pull_request_reviews: reviewsRule(1),
      required_status_checks: { contexts: ['CI', 'lint'] },
    };
    server.reviews = [review('grace', 'COMMENTED'), review('grace', 'APPROVED'), review('hubot', 'DISMISSED')];
    const read = await ask(jobs.readPullRequest, one);
    expect(server.mergeable).toEqual([true]);
    // Servers compare names of checks without regard to case: `ci` satisfies `CI`.
    const reason = expect.stringContaining('not passed: lint.');
    expect(read.readiness).toMatchObject({ state: 'failed-requirements', reason });
    expect(read.reviews.map(({ state }) => state)).toEqual(['commented', 'approved', 'dismissed']);
    // The app may not read check runs here: the statuses are returned without them.
    expect(read.checks).toEqual([{ name: 'ci', state: 'success', description: 'Passed', url: null }]);
    expect(await mirrored()).toMatchObject({ title: 'A change' });
    server.rules = null;
    server.rulesets = [{ type: 'required_linear_history' }, { type: 'required_signatures' }];
    expect((await ask(jobs.readPullRequest, one)).readiness).toMatchObject({
      ...{ state: 'failed-requirements', reason: expect.stringContaining('main requires signed commits') },
      methods: ['squash', 'rebase'],
    });
    server.mergeable = [null];
    server.mergeableState = 'unknown';
    expect((await ask(jobs.readPullRequest, one)).readiness).toMatchObject({ state: 'unknown', mergeable: false });
  });

  it('lists changed files in pages, with the reason for a missing patch', async () => {
    const { server, one, head } = await begin();
    const file = (filename: string, own: object) => ({
      ...{ sha: 'a'.repeat(40), filename, status: 'modified', additions: 1, deletions: 0, ...own },
    });
    server.files = [
      file('a.md', { patch: '@@ -1 +1 @@' }),
      file('b.png', { additions: 0, status: 'added' }),
      file('c.md', { additions: 90_000 }),
      file('d.md', { additions: 0, status: 'renamed', previous_filename: 'old.md' }),
      file('e.md', { patch: 'x'.repeat(200_001) }),
    ];
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
    worker().ghes.git.push('topic', { 'index.md': '# Other files\n' });
    const late = await failure(jobs.listPullRequestFiles, { ...one, page: 2, limit: 3, head: first.head });
    expect(late).toMatchObject({ code: 'conflict', message: expect.stringContaining('from the start') });
  });

  it('stores both sides of a change in the content store', async () => {
    const { project, one, head } = await begin();
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
    const { project, server, mirrored } = await begin();
    const deliver = async (own: object) => {
      const pull = { ...server.describe(), ...own };
      const id = await project.deliver('pull_request', { action: 'edited', number: 1, pull_request: pull });
      await eventually(async () => (await project.outcome(id)) !== null);
      return project.outcome(id);
    };
    await deliver({ title: 'First' });
    server.title = 'Last';
    expect(await deliver({ title: 'Second' })).toMatch(/will be fetched from the server/);
    await eventually(async () => (await mirrored()).title === 'Last');
  });
});

const review = (login: string, state: string) => ({ id: 1, user: { id: 2, login }, state, body: '', commit_id: null });

function reviewsRule(count: number): object {
  return { required_approving_review_count: count, require_code_owner_reviews: false, dismiss_stale_reviews: false };
}
