import { expect, it } from '@jest/globals';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';
import { Gate, WaitingProcesses } from '../../test/slow-parts.js';

onBothQueues((worker) => {
  it('converges on the state of the server for every order of deliveries with one missing (P3)', async () => {
    await worker().start();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    git.push('old', { 'index.md': '# Old' });
    const orders = ordersWithOneMissing(4);
    const projects = await Promise.all(orders.map(() => worker().connect()));
    const shown = () =>
      Promise.all(projects.map(async (project) => [...(await project.synced()), ...(await project.current())]));
    const converged = async () => {
      const heads = git.git('for-each-ref', '--format=%(refname) %(objectname)', '--sort=refname').split('\n');
      const expected = [...heads, `refs/heads/main ${git.head('main')}`].join();
      return (await shown()).every((state) => state.join() === expected);
    };
    await Promise.all(projects.map((project) => project.reconcile()));
    await eventually(converged, { state: shown, withinMs: 55_000 });

    const moves = [
      git.push('main', { 'index.md': '# Welcome back' }),
      git.push('topic', { 'topic.md': '# Topic' }),
      git.push('topic', { 'topic.md': '# Topic, better' }),
      git.delete('old'),
    ];
    await Promise.all(
      projects.map(async (project, index) => {
        for (const move of orders[index] ?? []) {
          const delivery = await project.deliverPush(moves[move]!);
          await eventually(async () => (await project.outcome(delivery)) !== null);
        }
      }),
    );
    await Promise.all(projects.map((project) => project.reconcile()));
    await eventually(converged, { state: shown, withinMs: 55_000 });
  }, 120_000);

  it('converges on the state of pull requests without any delivery (P3)', async () => {
    await worker().start();
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    const { after } = git.push('topic', { 'index.md': '# Changed' });
    await worker().ghes.openPullRequest('topic');
    await project.reconcile();
    await eventually(() => project.hasDeployed(after));
    await worker().ghes.advanceClock(1);
    await worker().ghes.editPullRequest(1, { state: 'closed' });
    await project.reconcile();
    await eventually(() => project.hasDeployed(after, 'removed'));
  });

  it('mirrors pull requests that were closed before the connection or whose deliveries are missing (P3)', async () => {
    await worker().start(() => ({}), { RECONCILE_MAX_PULL_REQUESTS: 2 });
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    const open = async (...numbers: number[]) => {
      for (const number of numbers) {
        await worker().ghes.advanceClock(1);
        git.push(`topic-${number}`, { 'index.md': `# ${number}` });
        await worker().ghes.openPullRequest(`topic-${number}`);
      }
    };
    const openAndClose = async (...numbers: number[]) => {
      for (const number of numbers) {
        await open(number);
        await worker().ghes.editPullRequest(number, { state: 'closed' });
      }
    };
    const mirrored = async () => {
      const sql = `SELECT number || ' ' || state AS line FROM pull_request ORDER BY number`;
      return (await worker().resources.dataSource.query<{ line: string }[]>(sql)).map(({ line }) => line);
    };
    // The first reconciliation limits the closed pull requests, but reads all open ones.
    await openAndClose(1);
    await open(2);
    await openAndClose(3, 4);
    const { updated_at: newest } = await worker().ghes.pullRequest(4);
    await project.reconcile();
    await eventually(async () => (await mirrored()).join() === '2 open,3 closed,4 closed', { state: mirrored });
    await eventually(async () => (await readTo()) === new Date(newest).toISOString(), { state: readTo });
    // Only the delivery of the last pull request arrives.
    await openAndClose(5, 6, 7);
    await open(8);
    const delivery = await project.deliverPullRequest('opened', await worker().ghes.pullRequest(8));
    await eventually(async () => (await project.outcome(delivery)) !== null);
    await project.reconcile();
    const all = '2 open,3 closed,4 closed,5 closed,6 closed,7 closed,8 open';
    await eventually(async () => (await mirrored()).join() === all, { state: mirrored });

    async function readTo(): Promise<string | undefined> {
      const sql = 'SELECT pull_requests_read_to AS at FROM repository';
      return (await worker().resources.dataSource.query<{ at: Date | null }[]>(sql))[0]?.at?.toISOString();
    }
  });

  it('does not replace a newer state by an older listing of the same second (P3)', async () => {
    await worker().start();
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    git.push('topic', { 'index.md': '# Changed' });
    const { ghes } = worker();
    const open = await ghes.openPullRequest('topic');
    const closed = await ghes.editPullRequest(1, { state: 'closed' });
    const delivery = await project.deliverPullRequest('closed', { ...closed, updated_at: open.updated_at });
    await eventually(async () => (await project.outcome(delivery)) !== null);
    // The listing is older than the delivery. Reading the pull request returns its newer state.
    await ghes.fault('GET /pulls', { status: 200, body: [open], count: 10 });
    await project.reconcile();
    await eventually(async () => (await ghes.calls(/pulls/)).includes('GET /pulls/1'));
    await eventually(async () => {
      const sql = 'SELECT pull_requests_read_to AS at FROM repository';
      return (await worker().resources.dataSource.query<{ at: Date | null }[]>(sql))[0]?.at !== null;
    });
    const [row] = await worker().resources.dataSource.query<{ state: string }[]>('SELECT state FROM pull_request');
    expect(row?.state).toBe('closed');
  });

  it('sends the final status after the server was unreachable', async () => {
    await worker().start();
    const project = await worker().connect();
    const { ghes } = worker();
    await ghes.fault('POST /statuses/*', { close: true, count: 1_000 });
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(
      async () => (await ghes.calls(/statuses/)).length > 0 && (await project.hasDeployed(pushed.after)),
    );
    expect(await ghes.statuses()).toEqual([]);
    await ghes.clearFaults();
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).at(-1) === 'success');
  });

  it('repeats a build that was interrupted by the shutdown of its worker', async () => {
    const gate = new Gate();
    await worker().start(() => ({ processes: new WaitingProcesses(gate.arrive) }));
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome', 'second.md': '# Second' });
    await project.deliverPush(pushed);
    await eventually(() => gate.arrived);
    const closing = worker().close();
    await new Promise(setImmediate);
    gate.open();
    await closing;
    expect(await project.hasDeployed(pushed.after, 'in_progress')).toBe(true);

    await worker().start();
    await eventually(async () => (await worker().ghes.statusesOf(pushed.after, 'build')).includes('success'));
    const [deployment] = await project.deployments(pushed.after);
    expect(await worker().artifact(deployment!.id, 'second/index.html')).toContain('Second');
    expect((await project.log(deployment!.id)).filter((line) => line.includes('Building'))).toHaveLength(1);
  });

  it('finishes through sweeps if the queue loses every job', async () => {
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await worker().wipeQueue();
    await worker().start(() => ({ producer: new LosingProducer(queueBackend(worker().queueUrl), () => undefined) }));
    await eventually(async () => {
      await worker().sweep();
      return (await worker().ghes.statusesOf(pushed.after, 'build')).at(-1) === 'success';
    });
    expect(await project.deployments(pushed.after)).toHaveLength(1);
  });

  it('sweeps every status of a server, and those of other servers at once, if one has more than a sweep’s limit', async () => {
    const [unreachable, other] = [await worker().connect(), await worker().connect()];
    const { dataSource } = worker().resources;
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description)
       SELECT $1, 'c' || n, 'build', 'success', '' FROM generate_series(1, 700) n`,
      [unreachable.repositoryId],
    );
    const otherStatus = { repositoryId: other.repositoryId, commit: 'c1', context: 'build' };
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description) VALUES ($1, $2, $3, 'success', '')`,
      [otherStatus.repositoryId, otherStatus.commit, otherStatus.context],
    );
    const sweptCommits = new Set<unknown>();
    for (let sweeps = 0; sweptCommits.size < 700 && sweeps < 50; sweeps += 1) {
      const swept = (await worker().sweep()) as { repositoryId?: string; commit?: string }[];
      expect(swept).toContainEqual(otherStatus);
      for (const { repositoryId, commit } of swept)
        if (repositoryId === unreachable.repositoryId && commit) sweptCommits.add(commit);
    }
    expect(sweptCommits.size).toBe(700);
  });
});

class LosingProducer extends JobProducer {
  override addMany(): Promise<void> {
    return Promise.resolve();
  }
}

/** Returns every permutation of the first `count` numbers without one of them. */
function ordersWithOneMissing(count: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i);
  const orders = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((first) => orders(rest.filter((n) => n !== first)).map((order) => [first, ...order]));
  return all.flatMap((missing) => orders(all.filter((n) => n !== missing)));
}
