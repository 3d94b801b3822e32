import { expect, it } from '@jest/globals';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { startPostgres, startRedis } from '@reunite/testing';
import { onBothQueues } from '../test/on-both-queues.js';
import { Gate, WaitingProcesses } from '../test/slow-parts.js';
import { until } from '../test/until.js';

onBothQueues({ startPostgres, startRedis }, (stand) => {
  it('comes to the server’s state whatever order deliveries come in, and whichever is missing (P3)', async () => {
    await stand().start();
    const { git } = stand().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    git.push('old', { 'index.md': '# Old' });
    const orders = ordersWithOneMissing(4);
    const projects = await Promise.all(orders.map(() => stand().connect()));
    const shown = () =>
      Promise.all(projects.map(async (project) => [...(await project.synced()), ...(await project.current())]));
    const converged = async () => {
      const heads = git.git('for-each-ref', '--format=%(refname) %(objectname)', '--sort=refname').split('\n');
      const expected = [...heads, `refs/heads/main ${git.head('main')}`].join();
      return (await shown()).every((state) => state.join() === expected);
    };
    await Promise.all(projects.map((project) => project.reconcile()));
    await until(converged, shown);

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
          await until(async () => (await project.outcome(delivery)) !== null);
        }
      }),
    );
    await Promise.all(projects.map((project) => project.reconcile()));
    await until(converged, shown);
  }, 120_000);

  it('comes to the server’s state when it heard nothing of a pull request (P3)', async () => {
    await stand().start();
    const project = await stand().connect();
    const { git } = stand().ghes;
    git.push('main', { 'index.md': '# Welcome' });
    const { after } = git.push('topic', { 'index.md': '# Changed' });
    stand().ghes.pullRequests = [{ number: 1, branch: 'topic', state: 'open', updatedAt: '2026-01-01T00:00:00Z' }];
    await project.reconcile();
    await until(() => project.hasDeployed(after));
    stand().ghes.pullRequests = [{ number: 1, branch: 'topic', state: 'closed', updatedAt: '2026-01-01T00:01:00Z' }];
    await project.reconcile();
    await until(() => project.hasDeployed(after, 'removed'));
  });

  it('sends the last word when the server is back that was away when there was something to say', async () => {
    await stand().start();
    const project = await stand().connect();
    let refused = 0;
    stand().ghes.interfere = (request) => {
      if (!request.url?.includes('/statuses/')) return false;
      refused += 1;
      request.socket.destroy();
      return true;
    };
    const pushed = stand().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await until(async () => refused > 0 && (await project.hasDeployed(pushed.after)));
    expect(stand().ghes.statuses).toEqual([]);
    stand().ghes.interfere = () => false;
    await until(() => stand().ghes.statusesOf(pushed.after, 'build').at(-1) === 'success');
  });

  it('takes a build up again that was cut off when a worker closed', async () => {
    const gate = new Gate();
    await stand().start(() => ({ processes: new WaitingProcesses(gate.arrive) }));
    const project = await stand().connect();
    const pushed = stand().ghes.git.push('main', { 'index.md': '# Welcome', 'second.md': '# Second' });
    await project.deliverPush(pushed);
    await until(() => gate.arrived);
    const closing = stand().close();
    await new Promise(setImmediate);
    gate.open();
    await closing;
    expect(await project.hasDeployed(pushed.after, 'in_progress')).toBe(true);

    await stand().start();
    await until(() => stand().ghes.statusesOf(pushed.after, 'build').includes('success'));
    const [deployment] = await project.deployments(pushed.after);
    expect(stand().artifact(deployment!.id, 'second/index.html')).toContain('Second');
    expect((await project.log(deployment!.id)).filter((line) => line.includes('Building'))).toHaveLength(1);
  });

  it('gets by sweeps to the end although the queue loses every job', async () => {
    const project = await stand().connect();
    const pushed = stand().ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await stand().wipeQueue();
    await stand().start(() => ({ producer: new LosingProducer(queueBackend(stand().queueUrl), () => undefined) }));
    await until(async () => {
      await stand().sweep();
      return stand().ghes.statusesOf(pushed.after, 'build').at(-1) === 'success';
    });
    expect(await project.deployments(pushed.after)).toHaveLength(1);
  });

  it('comes to every status, and at once to another server’s, though one that is away has more than a sweep takes', async () => {
    const [away, other] = [await stand().connect(), await stand().connect()];
    const { dataSource } = stand().resources;
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
      const swept = (await stand().sweep()) as { repositoryId?: string; commit?: string }[];
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
