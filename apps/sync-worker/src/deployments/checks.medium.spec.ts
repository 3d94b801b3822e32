import { expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';
import { TASK_FOLDERS } from '../../test/task-folders.js';
import type { TaskRun } from '../builds/isolation/isolated-process.js';
import { IsolatedProcesses } from '../builds/isolation/isolated-processes.js';
import type { Task, TaskResults } from '../builds/isolation/tasks.js';

/** Processes whose lints never end by themselves. */
class HangingLint extends IsolatedProcesses {
  running = 0;
  stopped = 0;

  constructor() {
    super({ timeoutSeconds: 60, memoryMb: 512, folders: TASK_FOLDERS });
  }

  override async run<T extends Task>(task: T, run: TaskRun): Promise<TaskResults[T['kind']]> {
    if (task.kind !== 'lint') return super.run(task, run);
    run.signal.throwIfAborted();
    this.running += 1;
    return new Promise((_, reject) => {
      run.signal.addEventListener('abort', () => {
        this.stopped += 1;
        reject(run.signal.reason as Error);
      });
    });
  }
}

onBothQueues((worker) => {
  const statuses = async (sha: string, check: string) => {
    const sent = (await worker().ghes.statuses()).filter((one) => one.sha === sha && one.context.endsWith(check));
    return sent.map(({ state, description }) => `${state}: ${description}`);
  };
  /** Statuses of different contexts arrive independently. */
  const areFinal = async (sha: string, ...checks: string[]) => {
    const last = await Promise.all(checks.map(async (check) => (await statuses(sha, check)).at(-1)));
    return last.every((status) => /^(?!pending)./.test(status ?? ''));
  };

  it('checks and lints a build, and reports to the commit and to later ones without changes', async () => {
    await worker().start();
    const project = await worker().connect({ rootFolder: 'docs' });
    const pushed = worker().ghes.git.push('main', {
      'docs/index.md': '# Welcome\n\n[gone](gone.md)\n\n### Deep\n',
      'docs/openapi.yaml': 'openapi: 3.1.0\ninfo: { title: Pets, version: "1" }\npaths: {}\nextra: 1\n',
      'docs/redocly.yaml': 'extends: [minimal]\nplugins: [./evil.js]\n',
    });
    await project.deliverPush(pushed);
    await eventually(() => areFinal(pushed.after, 'build', 'lint', 'links'));
    expect((await statuses(pushed.after, 'build')).at(-1)).toBe('success: 2 pages built');
    expect(await statuses(pushed.after, 'links')).toEqual(['pending: Waiting for the build', 'failure: 1 error']);
    expect((await statuses(pushed.after, 'lint')).at(-1)).toMatch(/^(?:success|failure): .*\d warnings/);
    const findings = await worker().resources.dataSource.query<{ text: string }[]>(
      `SELECT concat_ws(' ', name, severity, rule, file, line) AS text FROM deployment_finding
       JOIN deployment ON deployment.id = deployment_id WHERE project_id = $1`,
      [project.id],
    );
    expect(findings.map((row) => row.text)).toEqual(
      expect.arrayContaining([
        'links error link-broken index.md 3',
        'lint warning heading-level index.md 5',
        expect.stringMatching(/^lint \w+ struct openapi\.yaml 4$/),
        'lint warning configuration-ignored redocly.yaml',
      ]),
    );
    const elsewhere = worker().ghes.git.push('main', { 'code.ts': '1' });
    await project.deliverPush(elsewhere);
    await eventually(() => areFinal(elsewhere.after, 'lint', 'links'));
    expect(await statuses(elsewhere.after, 'links')).toEqual(['failure: 1 error']);
    expect(await statuses(elsewhere.after, 'lint')).toEqual((await statuses(pushed.after, 'lint')).slice(1));
  });

  it('lints a site that cannot be built, and reports that links were not checked', async () => {
    await worker().start();
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'openapi.yaml': 'openapi: 3.1.0\ninfo:\n  title: "Pets\n' });
    await project.deliverPush(pushed);
    await eventually(() => areFinal(pushed.after, 'lint', 'links'));
    expect((await statuses(pushed.after, 'lint')).at(-1)).toBe('failure: 1 error');
    expect((await statuses(pushed.after, 'links')).at(-1)).toBe('error: Not checked: the build failed');
  });

  it('lints later if the job was lost', async () => {
    const project = await worker().connect();
    await worker().start();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# A' });
    await project.deliverPush(pushed);
    await eventually(async () => (await statuses(pushed.after, 'lint')).length === 2);
    const [deployment] = await project.deployments(pushed.after);
    // As when the worker died between the build's transaction and its enqueue.
    await worker().resources.dataSource.query(
      `UPDATE deployment_check SET state = 'pending' WHERE deployment_id = $1 AND name = 'lint'`,
      [deployment!.id],
    );
    await worker().resources.dataSource.query(`UPDATE deployment SET finished_at = now() - interval '1 minute'`);
    expect(await worker().sweep()).toContainEqual(expect.objectContaining({ deploymentId: deployment!.id }));
    await eventually(async () => {
      const [row] = await worker().resources.dataSource.query<{ state: string }[]>(
        `SELECT state FROM deployment_check WHERE deployment_id = $1 AND name = 'lint'`,
        [deployment!.id],
      );
      return row?.state === 'success';
    });
  });

  it('fails a build and a lint that were started too often', async () => {
    const project = await worker().connect();
    await worker().start(() => ({}), { BUILD_MAX_STARTS: 1 });
    const pushed = worker().ghes.git.push('main', { 'index.md': '# A' });
    const { dataSource } = worker().resources;
    await dataSource.query('ALTER TABLE deployment ALTER attempts SET DEFAULT 1');
    try {
      await project.deliverPush(pushed);
      await eventually(() => areFinal(pushed.after, 'build', 'lint'));
    } finally {
      await dataSource.query('ALTER TABLE deployment ALTER attempts SET DEFAULT 0');
    }
    const [deployment] = await project.deployments(pushed.after);
    expect(deployment).toMatchObject({ state: 'failed', reason: expect.stringContaining('started 1 times') });
    expect((await statuses(pushed.after, 'build')).at(-1)).toContain('failure: It was started 1 times');
    expect((await statuses(pushed.after, 'lint')).at(-1)).toBe('error: Not checked: the build failed');
  });

  it('builds again if the process was killed', async () => {
    const processes = new IsolatedProcesses({ timeoutSeconds: 60, memoryMb: 512, folders: TASK_FOLDERS });
    await worker().start(() => ({ processes }));
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': `# A\n\n${'['.repeat(1_000_000)}` });
    await project.deliverPush(pushed);
    // A process that waits for its next build may be killed first.
    const isInterrupted = () => {
      for (const pid of processes.pids) process.kill(pid, 'SIGKILL');
      return worker().warnings.some((line) => line.includes('build-process-died'));
    };
    await eventually(isInterrupted, { everyMs: 10 });
    await eventually(async () => (await statuses(pushed.after, 'build')).length === 2);
    expect((await statuses(pushed.after, 'build')).at(-1)).toBe('success: 1 page built');
  });

  it('attack: a lint that does not end is stopped when a newer commit comes', async () => {
    const processes = new HangingLint();
    await worker().start(() => ({ processes }));
    const project = await worker().connect();
    const older = worker().ghes.git.push('main', { 'index.md': '# A' });
    await project.deliverPush(older);
    await eventually(() => processes.running === 1);
    const newer = worker().ghes.git.push('main', { 'index.md': '# B' });
    await project.deliverPush(newer);
    await eventually(async () => (await statuses(older.after, 'lint')).at(-1)?.startsWith('error: Superseded by'));
    await eventually(() => processes.stopped === 1);
    expect((await statuses(older.after, 'build')).at(-1)).toBe('success: 1 page built');
  });

  it('attack: a lint that takes too long ends at its own limit, and the build is not affected', async () => {
    await worker().start(() => ({}), { CHECK_TIMEOUT_SECONDS: 1 });
    const project = await worker().connect();
    const paths = Array.from({ length: 5_000 }, (_, index) => `  /p${index}: { get: { responses: {} } }\n`).join('');
    const description = `openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n${paths}`;
    const pushed = worker().ghes.git.push('main', { 'index.md': '# A', 'openapi.yaml': description });
    await project.deliverPush(pushed);
    await eventually(() => areFinal(pushed.after, 'build', 'lint'));
    expect((await statuses(pushed.after, 'lint')).at(-1)).toContain('error: The check took longer than 1 s');
    expect((await statuses(pushed.after, 'build')).at(-1)).toContain('success');
  });

  it('stops the build of a commit when a newer one comes', async () => {
    await worker().start();
    const project = await worker().connect();
    const slow = worker().ghes.git.push('main', { 'index.md': '['.repeat(2_000_000), 'two.md': '['.repeat(2_000_000) });
    await project.deliverPush(slow);
    await eventually(() => project.hasDeployed(slow.after, 'in_progress'));
    const newer = worker().ghes.git.push('main', { 'index.md': '# A', 'two.md': null });
    await project.deliverPush(newer);
    await eventually(() => project.hasDeployed(newer.after));
    const [ended] = await project.deployments(slow.after);
    expect(ended!.state).toBe('skipped');
    await eventually(async () =>
      (await project.log(ended!.id)).some((line) => line.includes('cancelled or superseded')),
    );
    await eventually(() => areFinal(slow.after, 'lint'));
    expect((await statuses(slow.after, 'lint')).at(-1)).toContain('error: Superseded');
  });
});
