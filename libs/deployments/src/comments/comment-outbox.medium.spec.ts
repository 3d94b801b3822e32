import { beforeEach, describe, expect, it } from '@jest/globals';
import { links, TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { overdueComments } from '../overdue.js';
import { readHeadReport } from './comment-content.js';
import {
  claimComment,
  commentProblem,
  recordCommentCreation,
  releaseComment,
  reopenComments,
  settleComment,
} from './comment-outbox.js';
import type { CommentKey } from './comment-outbox.js';

describe('the outbox of comments on pull requests', () => {
  const dataSource = useDatabase();
  let repository: TestRepository;
  let key: CommentKey;

  beforeEach(async () => {
    repository = await TestRepository.open(dataSource(), { pullRequestComments: true });
    const [project] = await dataSource().query<{ id: string }[]>('SELECT id FROM project WHERE repository_id = $1', [
      repository.repositoryId,
    ]);
    key = { projectId: project?.id ?? '', number: 1 };
  });

  const db = () => dataSource().manager;
  const open = async () => {
    await repository.push('topic', 'c1');
    await repository.pullRequest(1, 'topic', 'open');
  };
  const job = () => ({ job: 'update-pull-request-comment', payload: { v: 1, ...key } });
  const claim = async () => {
    const claimed = await claimComment(db(), key);
    if (!claimed) throw new Error('The comment cannot be claimed.');
    return claimed;
  };
  const report = () => readHeadReport(db(), key, links);

  it('requests the comment on an open pull request whenever the statuses of its head may change', async () => {
    await repository.push('topic', 'c1');
    expect(repository.enqueued).not.toContainEqual(job());
    await repository.pullRequest(1, 'topic', 'open');
    expect(repository.enqueued).toContainEqual(job());
    await repository.build();
    expect(repository.enqueued).toContainEqual(job());
    await repository.change({ pullRequestComments: false });
    await repository.pullRequest(1, 'topic', 'open');
    expect(repository.enqueued).not.toContainEqual(job());
    expect(await report()).toBeNull();
  });

  it('gives a comment to one run at a time, and to the next one if it changed meanwhile', async () => {
    await open();
    const first = await claim();
    expect(await claimComment(db(), key)).toBeNull();
    await repository.build();
    await settleComment(db(), key, first, { written: { commentId: 7, bodyHash: 'h' }, problem: null });
    await releaseComment(db(), key, first.claim);
    const second = await claim();
    expect(second).toMatchObject({ commentId: 7, bodyHash: 'h' });
    await settleComment(db(), key, second, { problem: null });
    await releaseComment(db(), key, second.claim);
    expect(await claimComment(db(), key)).toBeNull();
    expect(await overdueComments(db(), { graceSeconds: 0, limit: 1_000 })).not.toContainEqual(key);
  });

  it('remembers that a creation has begun, so that its comment is looked up', async () => {
    await open();
    const { claim: run, createStartedAt } = await claim();
    expect(createStartedAt).toBeNull();
    await recordCommentCreation(db(), key, run);
    await releaseComment(db(), key, run);
    expect((await claim()).createStartedAt).toBeInstanceOf(Date);
  });

  it('sweeps up a comment whose run died, once its claim has lapsed', async () => {
    await open();
    const overdue = () => overdueComments(db(), { graceSeconds: -1, limit: 1_000 });
    expect(await overdue()).toContainEqual(key);
    await claim();
    expect(await overdue()).not.toContainEqual(key);
    await dataSource().query(`UPDATE pull_request_comment SET claimed_until = now() - interval '1 second'`);
    expect(await overdue()).toContainEqual(key);
  });

  it('shows why a comment is missing, and reopens it once the app may write it', async () => {
    await open();
    const claimed = await claim();
    await settleComment(db(), key, claimed, { problem: 'The permission is missing.' });
    await releaseComment(db(), key, claimed.claim);
    expect(await commentProblem(db(), key)).toBe('The permission is missing.');
    const [{ connectionId } = { connectionId: '' }] = await dataSource().query<{ connectionId: string }[]>(
      'SELECT connection_id AS "connectionId" FROM repository WHERE id = $1',
      [repository.repositoryId],
    );
    const reopen = async () => {
      await repository.run((work) => reopenComments(work, connectionId, true));
      return repository.enqueued;
    };
    await dataSource().query(
      `INSERT INTO installation (connection_id, id, owner, repository_selection, suspended, permissions)
       VALUES ($1, 7, 'acme', 'all', false, '{"pull_requests": "read"}')`,
      [connectionId],
    );
    expect(await reopen()).toEqual([]);
    await dataSource().query(
      `UPDATE installation SET permissions = '{"pull_requests": "write"}' WHERE connection_id = $1`,
      [connectionId],
    );
    expect(await reopen()).toEqual([job()]);
    await settleComment(db(), key, await claim(), { problem: null });
    expect(await commentProblem(db(), key)).toBeNull();
    expect(await reopen()).toEqual([]);
  });

  it('reports whether the head differs from production', async () => {
    await repository.change({ rootFolder: 'docs' });
    await repository.deploy('main', 'c0', 'docs=1,api=1');
    await repository.push('topic', 'c1', 'docs=1,api=2');
    await repository.pullRequest(1, 'topic', 'open');
    expect(await report()).toMatchObject({ head: 'c1', differs: false });
    await repository.push('topic', 'c2', 'docs=2,api=2');
    expect(await report()).toMatchObject({ head: 'c2', differs: true });
  });

  it('reports the results of the head, with the findings that production does not have', async () => {
    const finding = (message: string, line: number) => ({
      ...{ severity: 'error' as const, rule: 'r', message, file: 'a.md', line, column: 1 },
    });
    const builtWith = (...findings: ReturnType<typeof finding>[]) => ({
      ...{ state: 'success' as const, pages: 2, bytes: 1_000 },
      ...{ links: { errors: findings.length, warnings: 0, findings }, lint: { errors: 0, warnings: 0, findings: [] } },
    });
    await repository.push('main', 'c0');
    await repository.build(builtWith(finding('old', 9)));
    await open();
    expect(await report()).toMatchObject({
      head: 'c1',
      previewId: null,
      content: { newFindings: null, previewUrl: null },
    });
    await repository.build(builtWith(finding('old', 1), finding('new', 2)));
    const { previewId, content } = (await report()) ?? {};
    expect(content).toMatchObject({ newFindings: 1, previewUrl: links.preview(previewId ?? '') });
    expect(content?.results.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'build success',
      'lint success',
      'links failure',
    ]);
    await repository.change({ previewChecks: 'new' });
    expect((await report())?.content.results.at(-1)?.description).toBe('1 new error (2 errors in total)');
  });
});
