import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import {
  cancelDeployment,
  changeProject,
  DeploymentUnitOfWork,
  promote,
  redeploy,
  statusLinks,
} from '@reunite/deployments';
import type { ProjectSettings } from '@reunite/deployments';
import type { JobProducer } from '@reunite/queueing';
import { collectRepository } from '../maintenance/retention.js';
import { eventually } from '@reunite/testing';
import { UnitOfWork } from '@reunite/unit-of-work';
import { onBothQueues } from '../../test/use-worker.js';
import type { Project } from '../../test/project.js';

onBothQueues((worker) => {
  const links = statusLinks('http://console.localhost/', 'http://{host}.preview.localhost/');
  const newest = async (project: Project, commit: string) => (await project.deployments(commit))[0]!.id;
  /** Units of work of the API. They lose all jobs but the ones for statuses; tests enqueue the others themselves. */
  const apiUnitOfWork = () => {
    const { dataSource, producer, logger } = worker().resources;
    const lossy: Pick<JobProducer, 'addMany'> = {
      addMany: async (job, payloads) => {
        if (job.name === jobs.sendCommitStatuses.name) await producer.addMany(job, payloads);
      },
    };
    return new DeploymentUnitOfWork(new UnitOfWork(dataSource, lossy, logger), links);
  };
  /** Runs an action of Grace as the API does. */
  const ask = async (action: typeof promote, deploymentId: string): Promise<string> => {
    const actor = { subject: 'usr_grace', name: 'Grace' };
    const created = await apiUnitOfWork().run({ deploymentId }, (work) => action(work, deploymentId, actor));
    return created.id;
  };
  const published = async (project: Project, ...texts: string[]) => {
    const commits: string[] = [];
    for (const text of texts) {
      const pushed = worker().ghes.git.push('main', { 'index.md': `# ${text}` });
      await project.deliverPush(pushed);
      await eventually(() => project.hasDeployed(pushed.after));
      commits.push(pushed.after);
    }
    return commits as [string, string, ...string[]];
  };

  it('rolls production back without a build, until the next push', async () => {
    await worker().start();
    const project = await worker().connect();
    const [first, second] = await published(project, 'First', 'Second');
    const [deploymentId, baseId] = [await newest(project, first), (await project.deployments(second))[0]!.id];
    const compared = { deploymentId, baseId };
    expect(await worker().resources.producer.addAndWait(jobs.compareDeployments, compared, 30_000)).toMatchObject({
      // The page for missing addresses shows the navigation too.
      pages: { added: 0, removed: 0, changed: 2 },
    });
    const id = await ask(promote, deploymentId);
    await worker().resources.producer.add(jobs.promoteDeployment, { deploymentId: id });
    await eventually(async () => (await project.current())[0] === `refs/heads/main ${first}`);
    expect(await worker().artifact(id, 'index.html')).toContain('First');
    const log = (await project.log(id)).join('\n');
    expect(log).toMatch(/^info Promoted to production by Grace, from dep_\w+\ninfo Reusing the files of its source$/);
    await eventually(async () => (await worker().ghes.statusesOf(first, 'build')).at(-1) === 'success');
    await project.reconcile();
    const [third] = await published(project, 'Third');
    expect(await project.current()).toEqual([`refs/heads/main ${third}`]);
    // The promotion has its own files, so its source may be removed.
    expect(await worker().artifact(id, 'index.html')).toContain('First');
  });

  it('builds a promotion whose files are gone, and finds one whose job was lost', async () => {
    await worker().start();
    const project = await worker().connect();
    const [first] = await published(project, 'First', 'Second');
    const source = await newest(project, first);
    worker().removeArtifact(source);
    const id = await ask(promote, source);
    expect(await worker().sweep()).toContainEqual(expect.objectContaining({ deploymentId: id }));
    await eventually(async () => (await project.current())[0] === `refs/heads/main ${first}`);
    expect(await worker().artifact(id, 'index.html')).toContain('First');
  });

  it('fetches the content of a promotion again if it was removed because nothing needed it', async () => {
    await worker().start();
    const project = await worker().connect();
    const [first] = await published(project, 'First', 'Second');
    const source = await newest(project, first);
    worker().removeArtifact(source);
    const { dataSource, content } = worker().resources;
    await dataSource.query(`UPDATE deployment SET state = 'removed' WHERE id = $1`, [source]);
    const run = () => collectRepository(dataSource.manager, content, project.repositoryId, -1);
    expect(await run()).toMatchObject({ marked: 2, removedObjects: 0 });
    expect(await run()).toMatchObject({ removedObjects: 3 });
    await ask(promote, source);
    await worker().sweep();
    await eventually(async () => (await project.current())[0] === `refs/heads/main ${first}`);
  });

  it('leaves a promotion to the worker that copies its files, and builds it if that takes too long', async () => {
    await worker().start();
    const project = await worker().connect();
    const [first] = await published(project, 'First', 'Second');
    const id = await ask(promote, await newest(project, first));
    const { dataSource } = worker().resources;
    // A worker has started it, and is slow or dead.
    const start = `UPDATE deployment SET state = 'in_progress', started_at = now() - $2::interval WHERE id = $1`;
    await dataSource.query(start, [id, '10 seconds']);
    expect(await worker().sweep()).not.toContainEqual(expect.objectContaining({ deploymentId: id }));
    await dataSource.query(start, [id, '1 minute']);
    expect(await worker().sweep()).toContainEqual(expect.objectContaining({ deploymentId: id }));
    await eventually(async () => (await project.current())[0] === `refs/heads/main ${first}`);
  });

  it('re-deploys, and builds nothing that was cancelled', async () => {
    await worker().start();
    const project = await worker().connect();
    const [commit] = await published(project, 'First');
    const again = await ask(redeploy, await newest(project, commit));
    await worker().resources.producer.add(jobs.buildDeployment, { deploymentId: again });
    await eventually(() => project.hasDeployed(commit));
    expect((await project.log(again))[0]).toContain('Re-deployed by Grace, from dep_');
    expect(await worker().artifact(again, 'index.html')).toContain('First');
    const third = await ask(redeploy, again);
    await ask(cancelDeployment, third);
    expect(await worker().sweep()).not.toContainEqual(expect.objectContaining({ deploymentId: third }));
    expect(await project.current()).toEqual([`refs/heads/main ${commit}`]);
  });

  it('deploys by new settings even if the job was lost, and removes what they exclude', async () => {
    await worker().start();
    const project = await worker().connect();
    await published(project, 'First');
    const { after } = worker().ghes.git.push('topic', { 'index.md': '# Topic' });
    await project.reconcile();
    await eventually(async () => (await project.synced()).some((ref) => ref.includes('topic')));
    const change = (settings: Partial<ProjectSettings>) =>
      apiUnitOfWork().run({ projectId: project.id }, (work) => changeProject(work, project.id, settings));
    await change({ branchPreviews: { mode: 'all' } });
    expect(await worker().sweep()).toContainEqual({ projectId: project.id });
    await eventually(() => project.hasDeployed(after));
    const id = await newest(project, after);
    await eventually(async () => !(await worker().sweep()).some((payload) => 'projectId' in (payload as object)));
    await change({ branchPreviews: { mode: 'none' } });
    await worker().resources.producer.add(jobs.planProject, { projectId: project.id });
    await eventually(() => project.hasDeployed(after, 'removed'));
    await eventually(() => !worker().hasArtifact(id));
  });

  it('gives a second project on a repository its production and previews at once', async () => {
    await worker().start();
    const project = await worker().connect({ branchPreviews: 'all' });
    const [main] = await published(project, 'First');
    const pushed = worker().ghes.git.push('topic', { 'index.md': '# Topic' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    const second = await project.connectAnother();
    await worker().resources.producer.add(jobs.planProject, { projectId: second.id });
    await eventually(async () => (await second.current()).length === 2, { state: () => second.current() });
    expect(await second.current()).toEqual([`refs/heads/main ${main}`, `refs/heads/topic ${pushed.after}`]);
  });

  it('sends only the final status to a server that was unavailable during the build (P7)', async () => {
    await worker().start();
    const project = await worker().connect();
    await worker().ghes.fault('POST /statuses/*', { close: true, count: 1_000 });
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    await worker().wipeQueue();
    await worker().ghes.clearFaults();
    // Not the retry of a job that knows that it failed: one that finds the rows later.
    await worker().sweep();
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).length > 0);
    await worker().sweep();
    expect(await worker().ghes.statusesOf(pushed.after, 'build')).toEqual(['success']);
  });

  it.each<[string, reject: () => unknown]>([
    [
      'its app is no longer suspended',
      () => {
        const body = { message: 'Resource not accessible by integration' };
        return worker().ghes.fault('POST /statuses/*', { status: 403, body, count: 1_000 });
      },
    ],
    ['its app is granted the permission', () => worker().vault.missing.add('statuses')],
  ])('sends rejected statuses once %s', async (_, reject) => {
    await worker().start();
    const project = await worker().connect();
    await reject();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    const open = () =>
      worker().resources.dataSource.query<unknown[]>('SELECT 1 FROM commit_status WHERE settled_at IS NULL');
    await eventually(async () => (await open()).length === 0);
    await worker().ghes.clearFaults();
    worker().vault.missing.clear();
    const installation = {
      id: worker().ghes.installationId,
      owner: 'acme',
      ownerType: 'Organization',
      repositorySelection: 'all',
    };
    worker().vault.installations = [{ ...installation, permissions: {}, suspended: false }];
    await worker().resources.producer.add(jobs.refreshConnection, { connectionId: project.connectionId });
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).at(-1) === 'success');
    expect(await worker().ghes.statusesOf(pushed.after, 'build')).toEqual(['success']);
  });

  it('keeps old statuses of the head of an open pull request', async () => {
    await worker().start();
    const project = await worker().connect();
    const { dataSource } = worker().resources;
    const [open, closed] = ['a'.repeat(40), 'b'.repeat(40)];
    for (const [number, commit] of [open, closed].entries()) {
      await dataSource.query(
        `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, created_at)
         VALUES ($1, $2, 'build', 'success', '', now(), now() - interval '181 days')`,
        [project.repositoryId, commit],
      );
      await dataSource.query(
        `INSERT INTO pull_request (id, repository_id, number, title, state, draft, author, head_branch, head_commit,
           base_branch, fork, html_url, updated_at)
         VALUES ($1, $2, $3, '', $4, false, 'ada', 'topic', $5, 'main', false, '', now())`,
        [`pull_${number}`, project.repositoryId, number, commit === open ? 'open' : 'closed', commit],
      );
    }
    await worker().retain();
    expect(await dataSource.query('SELECT commit FROM commit_status')).toEqual([{ commit: open }]);
  });

  it('removes files of invisible deployments, and content of unconnected repositories', async () => {
    await worker().start();
    const project = await worker().connect();
    const [first, second] = await published(project, 'First', 'Second');
    const [oldId, newId] = [await newest(project, first), await newest(project, second)];
    const { dataSource, content } = worker().resources;
    await dataSource.query(`UPDATE deployment SET state = 'removed' WHERE id = $1`, [oldId]);
    await dataSource.query(
      `UPDATE commit_status SET created_at = now() - interval '181 days', settled_at = now(), refused = true WHERE commit = $1`,
      [first],
    );
    await dataSource.query(`UPDATE deployment SET finished_at = now() - interval '181 days' WHERE id = $1`, [oldId]);
    await worker().retain();
    expect([worker().hasArtifact(oldId), worker().hasArtifact(newId)]).toEqual([false, true]);
    expect(await content.repositories()).toEqual([project.repositoryId]);
    expect(await dataSource.query('SELECT 1 FROM commit_status WHERE commit = $1', [first])).toEqual([]);
    expect([(await project.log(oldId)).length, (await project.log(newId)).length > 0]).toEqual([0, true]);
    await dataSource.query('DELETE FROM project WHERE id = $1', [project.id]);
    await worker().retain();
    expect(worker().hasArtifact(newId)).toBe(false);
    expect(await content.repositories()).toEqual([project.repositoryId]);
    await dataSource.query(`UPDATE repository SET unconnected_since = unconnected_since - interval '25 hours'`);
    await worker().retain();
    expect(await content.repositories()).toEqual([]);
    expect(await project.synced()).toEqual([]);
  });
});
