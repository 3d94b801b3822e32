import { beforeEach, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { commentMarker } from '@reunite/deployments';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

describe('the comment on a pull request', () => {
  const worker = useWorker();
  let project: Project;

  const query = <Row>(sql: string) => worker().resources.dataSource.query<Row[]>(sql, [project.id]);
  const comments = () => worker().ghes.api<Comment[]>('GET', '/issues/1/comments');
  const bodies = async () => (await comments()).map(({ body }) => body);
  const shows = (text: string) => async () => (await bodies()).some((body) => body.includes(text));
  const problem = async () =>
    (await query<{ problem: string | null }>('SELECT problem FROM pull_request_comment WHERE project_id = $1'))[0]
      ?.problem ?? null;
  const isSettled = async () =>
    (await query('SELECT 1 FROM pull_request_comment WHERE project_id = $1 AND settled_revision = revision')).length >
    0;
  /** Marks the comment as outdated, as every change of its rows does, and waits until it is up to date. */
  const update = async (set = '') => {
    await query(`UPDATE pull_request_comment SET revision = revision + 1${set} WHERE project_id = $1`);
    await worker().resources.producer.add(jobs.updatePullRequestComment, { projectId: project.id, number: 1 });
    await eventually(isSettled);
  };
  const push = async (branch: string, files: Record<string, string>) => {
    const moved = worker().ghes.git.push(branch, files);
    await project.deliverPush(moved);
    return moved.after;
  };
  const open = async (files: Record<string, string>) => {
    const head = await push('topic', files);
    await project.deliverPullRequest('opened', await worker().ghes.openPullRequest('topic'));
    return head;
  };
  const pushMore = async (files: Record<string, string>) => {
    const head = await push('topic', files);
    await project.deliverPullRequest('synchronize', await worker().ghes.pullRequest(1));
    return head;
  };
  const isWritten = (head: string) => async () =>
    (await bodies()).some((body) => body.includes(head.slice(0, 7)) && body.includes('Open the preview')) &&
    (await isSettled());

  beforeEach(async () => {
    await worker().start();
    project = await worker().connect();
    const { slug } = await worker().ghes.app();
    await query(`UPDATE project SET pull_request_comments = true WHERE id = $1`);
    await worker().resources.dataSource.query('UPDATE connection SET app_slug = $2 WHERE id = $1', [
      project.connectionId,
      slug,
    ]);
    const first = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush({ ...first, before: ZERO_COMMIT });
    await eventually(() => project.hasDeployed(first.after));
  });

  it('is created once, links the changed pages, and follows the head', async () => {
    const head = await open({ 'guides/start.md': '# Start', 'notes.txt': 'x', '_partials/part.md': 'x' });
    await eventually(isWritten(head), { state: bodies });
    const [first] = await comments();
    expect(first?.body).toMatch(/\[`guides\/start\.md`\]\(http[^)]+\/guides\/start\/\)/);
    expect(first?.body).not.toMatch(/notes\.txt|_partials/);
    const next = await pushMore({ 'broken.md': '[gone](gone.md)' });
    await eventually(isWritten(next), { state: bodies });
    await eventually(shows('**links**: ❌ failed'), { state: bodies });
    await eventually(shows('**new findings**: '), { state: bodies });
    expect((await comments()).map(({ id }) => id)).toEqual([first?.id]);
  });

  it('is written once if the run that created it died before it stored the id', async () => {
    await eventually(isWritten(await open({ 'start.md': '# Start' })), { state: bodies });
    const [first] = await comments();
    await update(', comment_id = NULL, body_hash = NULL');
    expect((await comments()).map(({ id }) => id)).toEqual([first?.id]);
  });

  it('is created again after it was deleted, and not touched while nothing changes', async () => {
    const head = await open({ 'start.md': '# Start' });
    await eventually(isWritten(head), { state: bodies });
    await eventually(shows('**lint**: ✅ successful'), { state: bodies });
    await eventually(isSettled);
    await worker().ghes.forgetRequests();
    await update();
    const writes = (await worker().ghes.requests()).filter(
      ({ method, path }) => method !== 'GET' && /issues/.test(path),
    );
    expect(writes).toEqual([]);
    const [first] = await comments();
    await worker()
      .ghes.api('DELETE', `/issues/comments/${first?.id ?? 0}`)
      .catch(() => undefined);
    expect(await comments()).toEqual([]);
    await update(', body_hash = NULL');
    expect((await comments()).map(({ body }) => body)).toEqual([first?.body]);
  });

  it('is not written without the permission, which the console shows, and is written once it is granted', async () => {
    await worker().ghes.fault('POST /issues/1/comments', {
      count: 100,
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    const head = await open({ 'start.md': '# Start' });
    await eventually(async () => (await problem()) !== null);
    expect(await comments()).toEqual([]);
    await worker().ghes.clearFaults();
    await update();
    await eventually(isWritten(head), { state: bodies });
    expect(await problem()).toBeNull();
  });

  it('is not written for a project that wants none', async () => {
    await query(`UPDATE project SET pull_request_comments = false WHERE id = $1`);
    const head = await open({ 'start.md': '# Start' });
    await eventually(async () => (await worker().ghes.statusesOf(head, 'lint')).at(-1) === 'success');
    expect(await query('SELECT 1 FROM pull_request_comment WHERE project_id = $1')).toEqual([]);
    expect(await comments()).toEqual([]);
  });

  it('attack: the marker in a comment of a user does not make the app edit that comment', async () => {
    await eventually(isWritten(await open({ 'start.md': '# Start' })), { state: bodies });
    const [own] = await comments();
    const forged = `${commentMarker(project.id)} mine`;
    await worker().ghes.api('POST', '/issues/1/comments', { body: forged });
    await update(', comment_id = NULL, body_hash = NULL');
    expect(await comments()).toMatchObject([{ id: own?.id }, { body: forged, user: { login: 'octocat' } }]);
  });
});
