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
    const held = () =>
      worker().resources.dataSource.manager.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });
    return { project, server, held, one: { repositoryId, number: 1, actor, deadline }, head: git.head('topic') };
  };
  const ask = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<ResultOf<J>> =>
    worker().resources.producer.addAndWait(job, payload, 30_000);
  const failure = <J extends JobDefinition>(job: J, payload: z.input<J['payload']>) =>
    ask(job, payload).then(
      () => Promise.reject(new Error('It succeeded.')),
      (error: unknown) => error as { code: string; message: string },
    );
  const grant = (project: Project, permissions: Record<string, string>) =>
    worker().resources.dataSource.manager.insert(InstallationEntity, {
      ...{ connectionId: project.connectionId, id: 7, owner: 'acme', repositorySelection: 'all' as const },
      ...{ suspended: false, permissions },
    });
  const opening = { title: 'Words', body: 'Why.', headBranch: 'topic', baseBranch: 'main', draft: true };

  it('opens a pull request as the app, which names the person; the echo changes nothing', async () => {
    const { project, server, held, one } = await begin();
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    expect(server.sent[0]?.body).toMatchObject({ title: 'Words', body: `Why.\n\n${signature}`, draft: true });
    expect(server.sent[0]?.token).toContain('"pull_requests":"write"');
    const mirrored = await held();
    expect(mirrored).toMatchObject({ title: 'Words', draft: true, headBranch: 'topic' });
    const { number, ...rest } = server.describe();
    const echo = await project.deliver('pull_request', { action: 'opened', number, pull_request: rest });
    await eventually(async () => (await project.outcome(echo)) !== null);
    expect(await project.outcome(echo)).toBe('Pull request #1 is open, as mirrored before');
    expect(await held()).toEqual(mirrored);
  });

  it('opens one pull request, though the answer to it got lost, and refuses another one', async () => {
    const { server, one } = await begin();
    const taken = {
      message: 'Validation Failed',
      errors: [{ message: 'A pull request already exists for acme:topic.' }],
    };
    await ask(jobs.createPullRequest, { ...one, ...opening });
    server.body = `Why.\r\n\r\n${signature}`;
    server.refusal = [422, taken];
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
    for (const other of [{ title: 'Other' }, { body: 'Other.' }, { draft: false }]) {
      server.refusal = [422, taken];
      expect(await failure(jobs.createPullRequest, { ...one, ...opening, ...other })).toMatchObject({
        code: 'conflict',
      });
    }
  });

  it('has opened a pull request also where it cannot be mirrored', async () => {
    const { server, one } = await begin();
    // Before the first day that PostgreSQL knows.
    server.updatedAt = '-010000-01-01T00:00:00Z';
    expect(await ask(jobs.createPullRequest, { ...one, ...opening })).toEqual({ number: 1 });
  });

  it('acts with the person’s own token where they signed in at the server', async () => {
    const { server, one } = await begin();
    worker().vault.logins.set(actor.subject, 'adalove');
    await ask(jobs.createPullRequest, { ...one, ...opening });
    expect(server.sent[0]).toMatchObject({ body: { body: 'Why.' }, token: expect.stringMatching(/token of adalove$/) });
    server.refusal = [403, { message: 'Must have push access to repository.' }];
    const refused = await failure(jobs.updatePullRequest, { ...one, title: 'No' });
    expect(refused).toMatchObject({ code: 'forbidden', message: expect.stringContaining('adalove') });
  });

  it('names the permission that the app lacks, and sends nothing', async () => {
    const { project, server, one, head } = await begin();
    await grant(project, { contents: 'write', pull_requests: 'read' });
    const refused = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(refused).toMatchObject({ code: 'forbidden' });
    expect(refused.message).toMatch(/needs the permission "Pull requests: write" on acme; it has "read"/);
    await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(server.writes()).toEqual([]);
    expect(await ask(jobs.readPullRequest, one)).toMatchObject({ body: '' });
  });

  it('names the permission that reading takes', async () => {
    const { project, one } = await begin();
    await grant(project, { contents: 'read', metadata: 'read' });
    const refusals = [
      await failure(jobs.readPullRequest, one),
      await failure(jobs.listPullRequestFiles, { ...one, page: 1, limit: 3 }),
      await failure(jobs.fetchPullRequestContent, one),
    ];
    const named = { code: 'forbidden', message: expect.stringContaining('"Pull requests: read" on acme') };
    expect(refusals).toMatchObject([named, named, named]);
  });

  it('makes a draft only where the app may write contents, as servers want it', async () => {
    const { project, server, one } = await begin();
    await grant(project, { contents: 'read', pull_requests: 'write' });
    const refused = await failure(jobs.updatePullRequest, { ...one, draft: true });
    expect(refused).toMatchObject({ code: 'forbidden', message: expect.stringContaining('"Contents: write"') });
    expect(server.writes()).toEqual([]);
    await ask(jobs.updatePullRequest, { ...one, title: 'Better' });
    expect(server.sent[0]?.token).toContain('"contents":"read"');
  });

  it('edits, marks ready, closes and reopens, each mirrored at once', async () => {
    const { server, held, one } = await begin();
    server.draft = true;
    await ask(jobs.updatePullRequest, { ...one, title: 'Better', body: 'Text', baseBranch: 'next' });
    expect(server.body).toBe(`Text\n\n${signature}`);
    expect(await held()).toMatchObject({ title: 'Better', baseBranch: 'next', draft: true });
    await ask(jobs.updatePullRequest, { ...one, body: `Again\n\n${signature}`, draft: false });
    expect(server.body).toBe(`Again\n\n${signature}`);
    expect(await held()).toMatchObject({ draft: false });
    await ask(jobs.updatePullRequest, { ...one, draft: false });
    expect(server.writes().filter((write) => write.includes('graphql'))).toHaveLength(1);
    await ask(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(await held()).toMatchObject({ state: 'closed' });
    await ask(jobs.updatePullRequest, { ...one, state: 'open', draft: true });
    expect(await held()).toMatchObject({ state: 'open', draft: true });
  });

  it.each<[string, [number, unknown], RegExp, string]>([
    [
      'there is one already',
      [422, { message: 'Validation Failed', errors: [{ message: 'A pull request already exists for acme:topic.' }] }],
      /already exists: #1 "A change", http.*\/pull\/1/,
      'conflict',
    ],
    [
      'there is nothing to merge',
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
  ])('says why none is opened: %s', async (_, refusal, says, code) => {
    const { server, one } = await begin();
    server.refusal = refusal;
    const refused = await failure(jobs.createPullRequest, { ...one, ...opening });
    expect(refused).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  it('merges the head that was looked at, with the person named', async () => {
    const { server, held, one, head } = await begin();
    const merged = await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: head, message: 'Done' });
    expect(merged).toEqual({ commit: 'f'.repeat(40) });
    const message = { commit_message: `Done\n\n${signature}` };
    expect(server.sent[0]?.body).toMatchObject({ sha: head, merge_method: 'squash', ...message });
    expect(await held()).toMatchObject({ state: 'merged' });
  });

  it.each([
    [{}, `* First\n\n* Second\n\n${signature}`],
    [{ squash_merge_commit_message: 'PR_BODY' }, `Why.\n\n${signature}`],
    [{ squash_merge_commit_message: 'BLANK' }, signature],
  ])('squashes with the message that the repository wants: %j', async (merging, message) => {
    const { server, one, head } = await begin();
    Object.assign(server, { merging, body: 'Why.', commits: ['First', 'Second'] });
    await ask(jobs.mergePullRequest, { ...one, method: 'squash', headCommit: head });
    expect(server.sent[0]?.body).toMatchObject({ commit_message: message });
  });

  it('has merged also where the server cannot be read afterwards', async () => {
    const { server, one, head } = await begin();
    server.hidden = true;
    const asked = { ...one, method: 'squash', headCommit: head, message: 'Done' } as const;
    expect(await ask(jobs.mergePullRequest, asked)).toEqual({ commit: 'f'.repeat(40) });
  });

  it('answers the merge of a run that was lost, also when nobody waits any more, and of no other head', async () => {
    const { server, one, head } = await begin();
    const asked = { ...one, v: 1 as const, method: 'squash' as const, headCommit: head };
    const merged = { commit: 'f'.repeat(40) };
    expect(await ask(jobs.mergePullRequest, asked)).toEqual(merged);
    const late = { ...asked, deadline: new Date(Date.now() - 1).toISOString() };
    expect(await worker().again('mergePullRequest', asked)).toEqual(merged);
    expect(await worker().again('mergePullRequest', late)).toEqual(merged);
    expect(server.sent).toHaveLength(1);
    const other = worker().again('mergePullRequest', { ...late, headCommit: '0'.repeat(40) });
    await expect(other).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('answers no more than fits, whatever people write on the server', async () => {
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
  ])('says why nothing is merged: %s', async (_, refusal, facts, says) => {
    const { server, one, head } = await begin();
    Object.assign(server, facts, { refusal });
    const refused = await failure(jobs.mergePullRequest, { ...one, method: 'merge', headCommit: head });
    expect(refused).toMatchObject({ code: 'conflict', message: expect.stringMatching(says) });
  });

  it('updates a branch from where it was looked at', async () => {
    const { server, one, head } = await begin();
    await ask(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect(server.sent[0]?.body).toEqual({ expected_head_sha: head });
    server.refusal = [422, { message: 'expected head sha didn’t match current head ref.' }];
    const refused = await failure(jobs.updatePullRequestBranch, { ...one, headCommit: head });
    expect(refused).toMatchObject({ code: 'conflict', message: expect.stringContaining('moved on') });
  });

  it('does nothing that nobody waits for any more, and puts nothing off', async () => {
    const { server, one } = await begin();
    const late = { ...one, deadline: new Date(Date.now() - 1_000).toISOString(), state: 'closed' as const };
    expect(await failure(jobs.updatePullRequest, late)).toMatchObject({ code: 'job-too-late' });
    expect(server.writes()).toEqual([]);
    server.refusal = [429, { message: 'You have exceeded a secondary rate limit.' }];
    const limited = await failure(jobs.updatePullRequest, { ...one, state: 'closed' });
    expect(limited).toMatchObject({ code: 'ghes-rate-limited', retryable: true });
  });

  it('reads what the server knows, asking again while it works out whether it merges', async () => {
    const { server, held, one } = await begin();
    server.mergeable = [null, null, true];
    server.mergeableState = 'blocked';
    server.rules = {
      required_pull_request_reviews: reviewsRule(1),
      required_status_checks: { contexts: ['CI', 'lint'] },
    };
    server.reviews = [review('grace', 'COMMENTED'), review('grace', 'APPROVED'), review('hubot', 'DISMISSED')];
    const read = await ask(jobs.readPullRequest, one);
    expect(server.mergeable).toEqual([true]);
    // To a server `CI` is what `ci` has passed.
    const reason = expect.stringContaining('not passed: lint.');
    expect(read.readiness).toMatchObject({ state: 'failed-requirements', reason });
    expect(read.reviews.map(({ state }) => state)).toEqual(['commented', 'approved', 'dismissed']);
    // The app may not read check runs here; the statuses are of use without them.
    expect(read.checks).toEqual([{ name: 'ci', state: 'success', description: 'Passed', url: null }]);
    expect(await held()).toMatchObject({ title: 'A change' });
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

  it('lists changed files page by page, and says why one has no patch', async () => {
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

  it('brings both sides of a change into the content store', async () => {
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

  it('asks the server which of two descriptions of one second is the last', async () => {
    const { project, server, held } = await begin();
    const deliver = async (own: object) => {
      const pull = { ...server.describe(), ...own };
      const id = await project.deliver('pull_request', { action: 'edited', number: 1, pull_request: pull });
      await eventually(async () => (await project.outcome(id)) !== null);
      return project.outcome(id);
    };
    await deliver({ title: 'First' });
    server.title = 'Last';
    expect(await deliver({ title: 'Second' })).toMatch(/will be fetched from the server/);
    await eventually(async () => (await held()).title === 'Last');
  });
});

const review = (login: string, state: string) => ({ id: 1, user: { id: 2, login }, state, body: '', commit_id: null });

function reviewsRule(count: number): object {
  return { required_approving_review_count: count, require_code_owner_reviews: false, dismiss_stale_reviews: false };
}
