import { beforeEach, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: { readonly title: string; readonly annotations_count: number };
}

describe('the check run of a commit', () => {
  const worker = useWorker();
  let project: Project;

  const query = <Row>(sql: string, ...values: unknown[]) =>
    worker().resources.dataSource.query<Row[]>(sql, [project.connectionId, ...values]);
  const grant = (level: 'read' | 'write') =>
    query(
      `INSERT INTO installation (connection_id, id, owner, repository_selection, suspended, permissions)
       VALUES ($1, $2, 'acme', 'all', false, jsonb_build_object('checks', $3::text))
       ON CONFLICT (connection_id, id) DO UPDATE SET permissions = excluded.permissions`,
      worker().ghes.installationId,
      level,
    );
  const runs = async (commit: string) =>
    (await worker().ghes.api<{ check_runs: CheckRun[] }>('GET', `/commits/${commit}/check-runs?filter=all`)).check_runs;
  const push = async (files: Record<string, string>) => {
    const before = worker().ghes.git.head('main');
    const pushed = worker().ghes.git.push('main', files);
    await project.deliverPush(before === ZERO_COMMIT ? { ...pushed, before } : pushed);
    return pushed.after;
  };
  const isChecked = (commit: string) => async () =>
    (await worker().ghes.statusesOf(commit, 'links')).at(-1) === 'failure' &&
    (await worker().ghes.statusesOf(commit, 'lint')).at(-1) === 'success';
  /** As every change of the commit's rows does. */
  const update = async (commit: string) => {
    await query(
      `UPDATE check_run SET revision = revision + 1 FROM project JOIN repository ON repository.id = repository_id
       WHERE project_id = project.id AND connection_id = $1 AND commit = $2`,
      commit,
    );
    await worker().resources.producer.add(jobs.updateCheckRun, { projectId: project.id, commit });
    await eventually(
      async () =>
        (await query('SELECT $1::text FROM check_run WHERE commit = $2 AND settled_revision < revision', commit))
          .length === 0,
    );
  };

  beforeEach(async () => {
    await worker().start();
    project = await worker().connect();
    await grant('write');
  });

  it('shows each finding at its line, more than fit into one request, and once', async () => {
    const links = Array.from({ length: 120 }, (_, index) => `[gone](gone-${index}.md)`).join('\n\n');
    const commit = await push({ 'index.md': `# Welcome\n\n${links}\n` });
    const completed = async () => (await runs(commit)).filter(({ status }) => status === 'completed');
    await eventually(async () => (await completed()).length > 0, { state: () => runs(commit) });
    const [run] = await completed();
    expect(run).toMatchObject({
      name: expect.stringMatching(/^Reunite \(.*\): findings$/),
      conclusion: 'failure',
      output: { annotations_count: 120 },
    });
    const annotations = await worker().ghes.api<object[]>(
      'GET',
      `/check-runs/${run?.id ?? 0}/annotations?per_page=100`,
    );
    expect(annotations[0]).toMatchObject({ path: 'index.md', start_line: 3, end_line: 3, annotation_level: 'failure' });

    await update(commit);
    expect(await runs(commit)).toEqual([run]);
  });

  it('is not created without the permission, while the statuses are', async () => {
    await grant('read');
    const commit = await push({ 'index.md': '[gone](gone.md)' });
    await eventually(isChecked(commit));
    expect(await query('SELECT $1::text FROM check_run WHERE commit = $2', commit)).toEqual([]);
    expect(await runs(commit)).toEqual([]);
  });

  it('records why the server rejects it, and follows once the server accepts it', async () => {
    const rejection = { count: 100, status: 403, body: { message: 'Resource not accessible by integration' } };
    await worker().ghes.fault('POST /check-runs', rejection);
    const commit = await push({ 'index.md': '[gone](gone.md)' });
    const problem = () =>
      query<{ problem: string | null }>('SELECT $1::text, problem FROM check_run WHERE commit = $2', commit);
    await eventually(async () => ((await problem())[0]?.problem ?? null) !== null);
    expect(await runs(commit)).toEqual([]);
    await worker().ghes.clearFaults();
    await update(commit);
    expect(await runs(commit)).toMatchObject([{ conclusion: 'failure' }]);
    expect(await problem()).toMatchObject([{ problem: null }]);
  });
});
