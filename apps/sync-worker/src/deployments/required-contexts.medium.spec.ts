import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

const CONTEXTS = ['build', 'preview', 'lint', 'links'] as const;

describe('contexts that a server requires', () => {
  const worker = useWorker();
  let project: Project;

  beforeEach(async () => {
    await worker().start();
    project = await worker().connect();
    const first = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(first);
    await eventually(() => project.hasDeployed(first.after));
  });

  const change = (set: string) =>
    worker().resources.dataSource.query(`UPDATE project SET ${set} WHERE id = $1`, [project.id]);
  /** The last state of each context of a commit. */
  const states = async (commit: string) =>
    Promise.all(CONTEXTS.map(async (context) => (await worker().ghes.statusesOf(commit, context)).at(-1)));
  const succeed = (commit: string) => async () =>
    (await states(commit)).join() === CONTEXTS.map(() => 'success').join();
  const openTopic = async () => {
    const moved = worker().ghes.git.push('topic', { 'topic.md': '# Topic' });
    await project.deliverPush(moved);
    await project.deliverPullRequest('opened', await worker().ghes.openPullRequest('topic'));
    return moved.after;
  };

  it('end on the merge commits of a merge queue', async () => {
    await openTopic();
    const { branch, sha } = await worker().ghes.queueMerge(1);
    await project.deliverPush({ ref: `refs/heads/${branch}`, before: ZERO_COMMIT, after: sha });
    await eventually(succeed(sha), { state: () => states(sha) });
  });

  it('end on the heads of pull requests and merge queues while the project builds no pull requests', async () => {
    await change('pull_request_previews = false');
    const head = await openTopic();
    await eventually(succeed(head), { state: () => states(head) });
    const { branch, sha } = await worker().ghes.queueMerge(1);
    await project.deliverPush({ ref: `refs/heads/${branch}`, before: ZERO_COMMIT, after: sha });
    await eventually(succeed(sha), { state: () => states(sha) });
    const descriptions = (await worker().ghes.statuses()).filter((sent) => sent.sha === sha);
    expect(descriptions.map(({ description }) => description)).toContain(
      'Not built: the project builds no pull requests',
    );
  });

  it('are sent without the characters that servers reject', async () => {
    await change(`name = '📚 Docs'`);
    const { after } = worker().ghes.git.push('main', { '📘 guide.md': '# Guide' });
    await project.deliverPush({ ref: 'refs/heads/main', before: ZERO_COMMIT, after });
    await eventually(async () => (await worker().ghes.statusesOf(after, 'build')).at(-1) === 'success');
    const contexts = (await worker().ghes.statuses()).filter(({ sha }) => sha === after).map(({ context }) => context);
    expect(contexts).toContain('Reunite (U+1F4DA Docs): build');
  });
});
