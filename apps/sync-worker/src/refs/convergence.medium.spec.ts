import { expect, it } from '@jest/globals';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../../test/on-both-queues.js';
import { Gate, WaitingProcesses } from '../../test/slow-parts.js';

onBothQueues((worker) => {
  it('comes to the server’s state whatever order deliveries come in, and whichever is missing (P3)', async () => {
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

  it('comes to the server’s state when it heard nothing of a pull request (P3)', async () => {
    await worker().start();
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    const { after } = git.push('topic', { 'index.md': '# Changed' });
    worker().ghes.pullRequests = [{ number: 1, branch: 'topic', state: 'open', updatedAt: '2026-01-01T00:00:00Z' }];
    await project.reconcile();
    await eventually(() => project.hasDeployed(after));
    worker().ghes.pullRequests = [{ number: 1, branch: 'topic', state: 'closed', updatedAt: '2026-01-01T00:01:00Z' }];
    await project.reconcile();
    await eventually(() => project.hasDeployed(after, 'removed'));
  });

  it('knows of pull requests that were closed before it was connected, or while it heard nothing (P3)', async () => {
    await worker().start(() => ({}), { RECONCILE_MAX_PULL_REQUESTS: 2 });
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    git.push('topic', { 'index.md': '# Changed' });
    const pull = (number: number, minute: number, state: 'open' | 'closed' = 'closed') => {
      const updatedAt = `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
      return { number, branch: 'topic', state, updatedAt };
    };
    const held = async () => {
      const sql = `SELECT number || ' ' || state AS said FROM pull_request ORDER BY number`;
      return (await worker().resources.dataSource.query<{ said: string }[]>(sql)).map(({ said }) => said);
    };
    // The first time only so many that are closed, but all that are open.
    worker().ghes.pullRequests = [pull(1, 1), pull(2, 2, 'open'), pull(3, 3), pull(4, 4)];
    await project.reconcile();
    await eventually(async () => (await held()).join() === '2 open,3 closed,4 closed', { state: held });
    await eventually(async () => (await readTo()) === '2026-01-01T00:04:00.000Z', { state: readTo });
    // The delivery of the last one came, those of the ones before it did not.
    worker().ghes.pullRequests.push(pull(5, 5), pull(6, 6), pull(7, 7), pull(8, 8, 'open'));
    const told = { action: 'opened', number: 8, pull_request: worker().ghes.describe(pull(8, 8, 'open')) };
    const delivery = await project.deliver('pull_request', told);
    await eventually(async () => (await project.outcome(delivery)) !== null);
    await project.reconcile();
    const all = '2 open,3 closed,4 closed,5 closed,6 closed,7 closed,8 open';
    await eventually(async () => (await held()).join() === all, { state: held });

    async function readTo(): Promise<string | undefined> {
      const sql = 'SELECT pull_requests_read_to AS at FROM repository';
      return (await worker().resources.dataSource.query<{ at: Date | null }[]>(sql))[0]?.at?.toISOString();
    }
  });

  it('lets no listing replace what was said later of the same second (P3)', async () => {
    await worker().start();
    const project = await worker().connect();
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    git.push('topic', { 'index.md': '# Changed' });
    const pull = { number: 1, branch: 'topic', updatedAt: '2026-01-01T00:00:00Z' };
    const closed = { ...pull, state: 'closed' } as const;
    const told = { action: 'closed', number: 1, pull_request: worker().ghes.describe(closed) };
    const delivery = await project.deliver('pull_request', told);
    await eventually(async () => (await project.outcome(delivery)) !== null);
    // As a page that was answered before, of which this one is read late.
    worker().ghes.pullRequests = [{ ...pull, state: 'open' }];
    let asked = 0;
    worker().ghes.interfere = (request) => {
      if (!request.url?.endsWith('/pulls/1')) return false;
      asked += 1;
      worker().ghes.pullRequests = [closed];
      return false;
    };
    await project.reconcile();
    await eventually(() => asked > 0);
    await eventually(async () => {
      const sql = 'SELECT pull_requests_read_to AS at FROM repository';
      return (await worker().resources.dataSource.query<{ at: Date | null }[]>(sql))[0]?.at !== null;
    });
    const [row] = await worker().resources.dataSource.query<{ state: string }[]>('SELECT state FROM pull_request');
    expect(row?.state).toBe('closed');
  });

  it('sends the last word when the server is back that was away when there was something to say', async () => {
    await worker().start();
    const project = await worker().connect();
    let refused = 0;
    worker().ghes.interfere = (request) => {
      if (!request.url?.includes('/statuses/')) return false;
      refused += 1;
      request.socket.destroy();
      return true;
    };
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(async () => refused > 0 && (await project.hasDeployed(pushed.after)));
    expect(worker().ghes.statuses).toEqual([]);
    worker().ghes.interfere = () => false;
    await eventually(() => worker().ghes.statusesOf(pushed.after, 'build').at(-1) === 'success');
  });

  it('takes a build up again that was cut off when a worker closed', async () => {
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
    await eventually(() => worker().ghes.statusesOf(pushed.after, 'build').includes('success'));
    const [deployment] = await project.deployments(pushed.after);
    expect(worker().artifact(deployment!.id, 'second/index.html')).toContain('Second');
    expect((await project.log(deployment!.id)).filter((line) => line.includes('Building'))).toHaveLength(1);
  });

  it('gets by sweeps to the end although the queue loses every job', async () => {
    const project = await worker().connect();
    const pushed = worker().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await worker().wipeQueue();
    await worker().start(() => ({ producer: new LosingProducer(queueBackend(worker().queueUrl), () => undefined) }));
    await eventually(async () => {
      await worker().sweep();
      return worker().ghes.statusesOf(pushed.after, 'build').at(-1) === 'success';
    });
    expect(await project.deployments(pushed.after)).toHaveLength(1);
  });

  it('comes to every status, and at once to another server’s, though one that is away has more than a sweep takes', async () => {
    const [away, other] = [await worker().connect(), await worker().connect()];
    const { dataSource } = worker().resources;
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description)
       SELECT $1, 'c' || n, 'build', 'success', '' FROM generate_series(1, 700) n`,
      [away.repositoryId],
    );
    const said = { repositoryId: other.repositoryId, commit: 'c1', context: 'build' };
    await dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description) VALUES ($1, $2, $3, 'success', '')`,
      [said.repositoryId, said.commit, said.context],
    );
    const seen = new Set<unknown>();
    for (let sweeps = 0; seen.size < 700 && sweeps < 50; sweeps += 1) {
      const swept = (await worker().sweep()) as { repositoryId?: string; commit?: string }[];
      expect(swept).toContainEqual(said);
      for (const { repositoryId, commit } of swept) if (repositoryId === away.repositoryId && commit) seen.add(commit);
    }
    expect(seen.size).toBe(700);
  });
});

class LosingProducer extends JobProducer {
  override addMany(): Promise<void> {
    return Promise.resolve();
  }
}

/** Every order of all but one of the first `count` numbers. */
function ordersWithOneMissing(count: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i);
  const orders = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((first) => orders(rest.filter((n) => n !== first)).map((order) => [first, ...order]));
  return all.flatMap((missing) => orders(all.filter((n) => n !== missing)));
}
