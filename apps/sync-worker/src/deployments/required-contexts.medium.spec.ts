import { beforeEach, describe, expect, it } from '@jest/globals';
import { SelfTestEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import { followServer } from '../../test/live-vault.js';
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

  it('get a plain description, and then no link, if the server rejects a status', async () => {
    const commit = worker().ghes.git.head('main');
    // All but the preview: from then on, the test alone sends statuses.
    await eventually(async () => (await states(commit)).filter((state) => state === 'success').length === 3);
    const body = { message: 'Validation Failed', errors: [{ resource: 'Status', code: 'custom' }] };
    const sentAfter = async (rejections: number) => {
      const key = { repositoryId: project.repositoryId, commit, context: `${rejections} rejections: build` };
      await worker().resources.dataSource.query(
        `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
         VALUES ($1, $2, $3, 'failure', 'guide.md:3: Missing quote', 'https://console.example')`,
        Object.values(key),
      );
      await worker().ghes.fault('POST /statuses/*', { status: 422, body, count: rejections });
      await worker().resources.producer.add(jobs.sendCommitStatuses, key);
      return eventually(async () => {
        const sent = (await worker().ghes.statuses()).find(({ context }) => context === key.context);
        return sent && [sent.state, sent.description, sent.target_url];
      });
    };
    expect(await sentAfter(1)).toEqual(['failure', 'Failed', 'https://console.example']);
    expect(await sentAfter(2)).toEqual(['failure', 'Failed', undefined]);
  });

  it('end with success where nothing in the folder of the project changed, and on drafts', async () => {
    await change(`root_folder = 'docs'`);
    const inside = worker().ghes.git.push('main', { 'docs/index.md': '# Docs' });
    await project.deliverPush(inside);
    await eventually(() => project.hasDeployed(inside.after));
    const outside = worker().ghes.git.push('topic', { 'code.js': 'x' });
    await project.deliverPush(outside);
    await project.deliverPullRequest('opened', await worker().ghes.openPullRequest('topic', { draft: true }));
    await eventually(succeed(outside.after), { state: () => states(outside.after) });
  });

  it('fail the self-test if no project reports them, or if they are expected from another app', async () => {
    const name = 'Reunite (Docs): build';
    const required = (context: string, integration_id: number | null) => ({ context, integration_id });
    const rule = (...required_status_checks: object[]) => ({
      type: 'required_status_checks',
      parameters: { strict_required_status_checks_policy: false, required_status_checks },
    });
    const rulesets = async () => {
      const { connectionId } = project;
      await worker().resources.producer.add(jobs.testConnection, { connectionId });
      const tested = await eventually(async () =>
        worker().resources.dataSource.getRepository(SelfTestEntity).findOneBy({ connectionId }),
      );
      await worker().resources.dataSource.query('DELETE FROM connection_self_test');
      return tested.probes.find((probe) => probe.name === 'rulesets');
    };
    await change(`name = 'Docs'`);
    followServer(worker().vault, worker().ghes);
    const { id: appId } = await worker().ghes.app();
    const sql = 'UPDATE connection SET app_id = $1 WHERE id = $2';
    await worker().resources.dataSource.query(sql, [appId, project.connectionId]);
    const body = [rule(required(name, null), required('ci', 99), required(name.replace('build', 'lint'), appId))];
    await worker().ghes.fault('GET /rules/branches/main', { status: 200, body, count: 1 });
    expect(await rulesets()).toMatchObject({ state: 'ok' });
    await worker().ghes.fault('GET /rules/branches/main', {
      status: 200,
      body: [rule(required(name, appId + 1))],
      count: 1,
    });
    await worker().ghes.protect('main', { requiredContexts: ['Reunite (Old): build', 'ci'] });
    expect(await rulesets()).toMatchObject({
      state: 'failed',
      evidence: expect.stringMatching(/main requires Reunite \(Old\): build, Reunite \(Docs\): build\.$/),
    });
  });
});
