import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CodedError, jobs } from '@reunite/contracts';
import type { JobDefinition, PayloadOf } from '@reunite/contracts';
import type { UserActions } from '@reunite/database';
import { eventually, startPostgres, startRedis } from '@reunite/testing';
import type { Queue, QueueEvents } from 'bullmq';
import { JobProducer, jobSignal, JobWorkers, migrateQueueBackend, MissingHandlerError, queueBackend } from './index.js';
import type { FairnessSettings, JobHandler, JobHandlers, JobRun, QueueBackend } from './index.js';
import type { WorkerSettings } from './job-workers.js';

class TemporaryError extends CodedError {
  readonly code = 'vault-unavailable';
}
class PermanentError extends CodedError {
  readonly code = 'not-found';
}
class LimitedError extends CodedError {
  readonly code = 'ghes-rate-limited';
  readonly until = new Date(Date.now() + 300);
}

const backends = {
  postgres: async () => {
    const server = await startPostgres();
    return { url: server.url('reunite_bridge'), stop: () => server.stop() };
  },
  redis: () => startRedis(),
};

/** The rows of {@link UserActions}, in memory. */
class StoredUserActions implements Pick<UserActions, 'save' | 'claim' | 'remove'> {
  readonly rows = new Map<string, { job: string; payload: unknown; jobId: string | null }>();

  save(job: string, payload: unknown): Promise<string> {
    const id = `act_${this.rows.size}`;
    this.rows.set(id, { job, payload, jobId: null });
    return Promise.resolve(id);
  }

  claim(id: string, job: string, jobId: string): Promise<unknown> {
    const row = this.rows.get(id);
    if (row?.job !== job || (row.jobId !== null && row.jobId !== jobId)) return Promise.resolve(null);
    row.jobId = jobId;
    return Promise.resolve(row.payload);
  }

  remove(id: string, jobId: string): Promise<void> {
    if (this.rows.get(id)?.jobId === jobId) this.rows.delete(id);
    return Promise.resolve();
  }
}

/** Handlers that return null, except the given ones. */
function handlers(own: Partial<JobHandlers>): JobHandlers {
  const idle = { handle: () => Promise.resolve(null) };
  const all = Object.fromEntries(Object.keys(jobs).map((key) => [key, idle]));
  return { ...all, ...own } as JobHandlers;
}

function handler<J extends JobDefinition>(handle: JobHandler<J>['handle']): JobHandler<J> {
  return { handle };
}

describe.each(['postgres', 'redis'] as const)('jobs on %s', (kind) => {
  let server: { url: string; stop(): Promise<void> };
  let backend: QueueBackend;
  let producer: JobProducer;
  let workers: JobWorkers | undefined;
  const userActions = new StoredUserActions();

  const start = async (own: Partial<JobHandlers>, fairness?: FairnessSettings, more: Partial<WorkerSettings> = {}) => {
    const settings = {
      ...more,
      concurrency: {},
      userActions,
      onError: () => undefined,
      stalledIntervalMs: 200,
      ...(fairness && { fairness }),
    };
    workers = await JobWorkers.start(backend, handlers(own), settings);
  };

  beforeAll(async () => {
    server = await backends[kind]();
    await migrateQueueBackend(server.url);
    backend = queueBackend(server.url);
    producer = new JobProducer(backend, () => undefined, userActions);
  });
  afterEach(() => workers?.close());
  afterAll(async () => {
    await producer.close();
    await server.stop();
  });

  it('reach their handler with the parsed payload', async () => {
    const received: PayloadOf<typeof jobs.syncRef>[] = [];
    await start({
      syncRef: handler((payload) => {
        received.push(payload);
        return Promise.resolve(null);
      }),
    });
    await producer.add(jobs.syncRef, { refId: 'ref_1' });
    await eventually(() => received.length === 1);
    expect(received).toEqual([{ v: 1, refId: 'ref_1' }]);
  });

  it('with one key never run at the same time, and a change during a run is not lost', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    let release!: () => void;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    await start({
      syncRef: handler(async () => {
        running += 1;
        most = Math.max(most, running);
        await blocked;
        running -= 1;
        runs += 1;
        return null;
      }),
    });
    await producer.add(jobs.syncRef, { refId: 'ref_key: with odd/characters' });
    await eventually(() => running === 1);
    for (let i = 0; i < 20; i++) await producer.add(jobs.syncRef, { refId: 'ref_key: with odd/characters' });
    release();
    await eventually(() => runs === 2);
    await setTimeout(300);
    expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  });

  it('with low priority run after the others, each priority in order of arrival', async () => {
    const build = (deploymentId: string, preview: boolean) =>
      producer.add(jobs.buildDeployment, { deploymentId, preview });
    for (const name of ['preview 1', 'preview 2', 'preview 3']) await build(name, true);
    for (const name of ['production 1', 'production 2']) await build(name, false);
    await build('preview 1', true);
    expect(await producer.depth(jobs.buildDeployment.queue)).toBe(5);
    const built: string[] = [];
    await start({
      buildDeployment: handler(({ deploymentId }) => {
        built.push(deploymentId);
        return Promise.resolve(null);
      }),
    });
    await eventually(() => built.length === 5);
    expect(built).toEqual(['production 1', 'production 2', 'preview 1', 'preview 2', 'preview 3']);
  });

  it('with low priority do not lose a change during a run', async () => {
    let [running, runs] = [0, 0];
    await start({
      buildDeployment: handler(async () => {
        running += 1;
        await setTimeout(150);
        running -= 1;
        runs += 1;
        return null;
      }),
    });
    const add = () => producer.add(jobs.buildDeployment, { deploymentId: 'again', preview: true });
    await add();
    await eventually(() => running === 1);
    for (let i = 0; i < 5; i++) await add();
    await eventually(() => runs === 2);
  });

  it('are retried after a retryable error, fail after a permanent one, and are delayed by a rate limit', async () => {
    const runs: Record<string, JobRun[]> = {};
    await start({
      reconcileRepository: handler(({ repositoryId }, run) => {
        const made = (runs[repositoryId] ??= []);
        made.push(run);
        if (repositoryId === 'temporary' && made.length < 2) throw new TemporaryError('again');
        if (repositoryId === 'permanent') throw new PermanentError('never');
        if (repositoryId === 'limited' && made.length < 3) throw new LimitedError('later');
        return Promise.resolve(null);
      }),
    });
    await producer.addMany(
      jobs.reconcileRepository,
      ['temporary', 'permanent', 'limited'].map((repositoryId) => ({ repositoryId })),
    );
    await eventually(() => runs['temporary']?.length === 2 && runs['limited']?.length === 3);
    expect(runs['permanent']).toHaveLength(1);
    expect(runs['temporary']?.[1]?.attempt).toBe(2);
    // Waiting for a limit costs no attempt.
    expect(runs['limited']?.[2]?.attempt).toBe(1);
  });

  it('run again after their worker died, as a rerun that uses up no attempt', async () => {
    let taken = false;
    const dying = backend.worker(
      jobs.planProject.queue,
      () => {
        taken = true;
        return new Promise(() => undefined);
      },
      // Its own look for stalled jobs must not postpone that of the next worker.
      { lockDuration: 300, stalledInterval: 200 },
    );
    await producer.add(jobs.planProject, { projectId: 'prj_1' });
    await eventually(() => taken);
    await dying.close(true);
    const runs: JobRun[] = [];
    await start({
      planProject: handler((_payload, run) => {
        runs.push(run);
        return Promise.resolve(null);
      }),
    });
    await eventually(() => runs.length === 1);
    expect(runs[0]).toMatchObject({ attempt: 1, isRerun: true });
    await producer.add(jobs.planProject, { projectId: 'prj_2' });
    await eventually(() => runs.length === 2);
    expect(runs[1]).toMatchObject({ attempt: 1, isRerun: false });
  });

  it('are put back when the worker stops, as a rerun that uses up no attempt', async () => {
    const runs: JobRun[] = [];
    const planProject = handler<typeof jobs.planProject>(async (_payload, run) => {
      runs.push(run);
      if (runs.length === 1) await setTimeout(60_000, null, { signal: run.signal });
      return null;
    });
    await start({ planProject });
    await producer.add(jobs.planProject, { projectId: 'prj_stopped' });
    await eventually(() => runs.length === 1);
    await workers?.close();
    await start({ planProject });
    await eventually(() => runs.length === 2);
    expect(runs[1]).toMatchObject({ attempt: 1, isRerun: true });
  });

  it('are aborted when their lock is lost, for the handler and for what it calls', async () => {
    let signal: AbortSignal | undefined;
    const planProject = handler<typeof jobs.planProject>(async () => {
      signal = jobSignal();
      await setTimeout(60_000, null, { signal }).catch(() => undefined);
      return null;
    });
    await start({ planProject }, undefined, { lockDurationMs: 300 });
    await producer.add(jobs.planProject, { projectId: 'prj_lost' });
    await eventually(() => signal !== undefined);
    const queue = backend.queue(jobs.planProject.queue, {});
    await queue.obliterate({ force: true });
    await queue.close();
    await eventually(() => signal?.aborted);
  });

  it('return the result or the error of the worker to the caller', async () => {
    await start({
      listBranches: handler(({ repositoryId }) => {
        if (repositoryId === 'away') throw new TemporaryError('The server is away.');
        if (repositoryId === 'gone') throw new PermanentError('The repository is gone.');
        return Promise.resolve({ branches: [{ name: 'main', commit: 'c1' }] });
      }),
    });
    const answer = await producer.addAndWait(jobs.listBranches, { repositoryId: 'rep_1' }, 5_000);
    expect(answer).toEqual({ branches: [{ name: 'main', commit: 'c1' }] });
    await expect(producer.addAndWait(jobs.listBranches, { repositoryId: 'gone' }, 5_000)).rejects.toMatchObject({
      ...{ code: 'not-found', message: 'The repository is gone.', retryable: false },
    });
    await expect(producer.addAndWait(jobs.listBranches, { repositoryId: 'away' }, 5_000)).rejects.toMatchObject({
      ...{ code: 'vault-unavailable', message: 'The server is away.', retryable: true },
    });
  });

  it('without a result in time fail with an error', async () => {
    await expect(producer.addAndWait(jobs.listBranches, { repositoryId: 'rep_1' }, 200)).rejects.toMatchObject({
      code: 'job-timeout',
    });
  });

  describe('when the server of a connection never answers', () => {
    const SILENT = 'ref_silent';
    const fairness: FairnessSettings = {
      ownerOf: (payload) => {
        const { refId, repositoryId } = payload as { refId?: string; repositoryId?: string };
        const connectionId = String(refId ?? repositoryId).startsWith(SILENT) ? 'con_silent' : 'con_honest';
        return Promise.resolve({ connectionId, organizationId: connectionId, proven: true });
      },
      isServerFailure: (error) => error instanceof TemporaryError,
    };

    it('attack: its jobs leave slots to others, and a deferred job is no rerun', async () => {
      const runs: string[] = [];
      let rerun = false;
      let answer!: () => void;
      const silence = new Promise<void>((resolve) => (answer = resolve));
      const syncRef = handler<typeof jobs.syncRef>(async ({ refId }, run) => {
        if (refId.startsWith(SILENT)) await silence;
        rerun ||= run.isRerun;
        runs.push(refId);
        return null;
      });
      await start({ syncRef }, fairness);
      await producer.addMany(
        jobs.syncRef,
        Array.from({ length: 12 }, (_, index) => ({ refId: `${SILENT}${index}` })),
      );
      await producer.add(jobs.syncRef, { refId: 'ref_honest' });
      await eventually(() => runs.includes('ref_honest'));
      expect(runs).toEqual(['ref_honest']);
      answer();
      await eventually(() => runs.length === 13);
      expect(rerun).toBe(false);
    });

    it('attack: an interactive job frees its slot when its caller leaves', async () => {
      let aborted = 0;
      const listBranches = handler<typeof jobs.listBranches>((_, { signal }) => {
        signal.addEventListener('abort', () => (aborted += 1));
        return new Promise(() => undefined);
      });
      await start({ listBranches }, fairness);
      const asked = Array.from({ length: 6 }, () =>
        producer.addAndWait(jobs.listBranches, { repositoryId: 'rep_1' }, 400).catch((error: unknown) => error),
      );
      await Promise.all(asked);
      await eventually(() => aborted >= 4);
    });

    it('fails the next caller at once after repeated failures', async () => {
      const listBranches = handler<typeof jobs.listBranches>(() => Promise.reject(new TemporaryError('silence')));
      await start({ listBranches }, fairness);
      const codes: unknown[] = [];
      for (let call = 0; call < 4; call += 1) {
        const asked = producer.addAndWait(jobs.listBranches, { repositoryId: SILENT }, 5_000);
        codes.push(await asked.catch((error: unknown) => (error as { code: string }).code));
      }
      expect(codes).toEqual(['vault-unavailable', 'vault-unavailable', 'vault-unavailable', 'server-not-answering']);
    });
  });

  it('without a handler stop the start', async () => {
    const { syncRef, ...rest } = handlers({});
    const starting = JobWorkers.start(backend, rest as JobHandlers, {
      concurrency: {},
      userActions,
      onError: () => undefined,
    });
    await expect(starting).rejects.toThrow(MissingHandlerError);
  });

  describe('that act on behalf of a user', () => {
    const actor = { subject: 'usr_ada', name: 'Ada' };
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const payload = { actor, deadline, repositoryId: 'rep_1', name: 'topic', from: 'main' };
    let queue: Queue;
    let events: QueueEvents;

    beforeEach(async () => {
      queue = backend.queue('repository-changes', {});
      events = backend.events('repository-changes');
      queue.on('error', () => undefined);
      events.on('error', () => undefined);
      await events.waitUntilReady();
    });
    afterEach(() => Promise.all([queue.close(), events.close()]));

    it('reach their handler with the payload that the API stored; the queue carries its id only', async () => {
      const handled: unknown[] = [];
      await start({
        createBranch: handler((received) => {
          handled.push(received);
          return Promise.resolve({ commit: 'c1' });
        }),
      });
      expect(await producer.addAndWait(jobs.createBranch, payload, 5_000)).toEqual({ commit: 'c1' });
      expect(handled).toEqual([{ v: 1, ...payload }]);
      expect(userActions.rows.size).toBe(0);
    });

    it('attack: a job that was added to the queue past the API does not act as its user', async () => {
      const handled: unknown[] = [];
      await start({
        createBranch: handler((received) => {
          handled.push(received);
          return Promise.resolve({ commit: 'c1' });
        }),
      });
      const copied = await userActions.save('create-branch', payload);
      await userActions.claim(copied, 'create-branch', 'the job of the API');
      const forgeries = [
        payload,
        { userActionId: 'act_guessed' },
        { userActionId: copied },
        { ...payload, userActionId: copied },
      ];
      for (const data of forgeries) {
        const job = await queue.add('create-branch', data);
        await expect(job.waitUntilFinished(events, 20_000)).rejects.toThrow('unauthorized-job');
      }
      // The id of an action of another kind is no authorization either.
      const merge = await userActions.save('merge-pull-request', payload);
      const job = await queue.add('create-branch', { userActionId: merge });
      await expect(job.waitUntilFinished(events, 20_000)).rejects.toThrow('unauthorized-job');
      expect(handled).toEqual([]);
    });
  });
});
