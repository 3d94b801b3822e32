import { beforeEach, describe, expect, it } from '@jest/globals';
import { jobs, newId } from '@reunite/contracts';
import { insertConnection, insertRepository } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import { UnitOfWork } from './unit-of-work.js';

describe('a unit of work', () => {
  const dataSource = useBridgeDatabase();
  let connectionId: string;
  let repositoryId: string;
  let projectId: string;
  let enqueued: { job: string; payloads: unknown[] }[];
  let warnings: string[];
  let queueAvailable: boolean;

  const unitOfWork = () =>
    new UnitOfWork(
      dataSource(),
      {
        addMany: (job, payloads) => {
          if (!queueAvailable) return Promise.reject(new Error('ECONNREFUSED'));
          enqueued.push({ job: job.name, payloads: [...payloads] });
          return Promise.resolve();
        },
      },
      { warn: (...line: unknown[]) => void warnings.push(String(line[1])) },
    );
  const renameRepository = (name: string) =>
    dataSource().query('UPDATE repository SET name = $2 WHERE id = $1', [repositoryId, name]);
  const repositoryNames = async () =>
    (await dataSource().query<{ name: string }[]>('SELECT name FROM repository WHERE id = $1', [repositoryId])).map(
      ({ name }) => name,
    );

  beforeEach(async () => {
    enqueued = [];
    warnings = [];
    queueAvailable = true;
    projectId = newId('project');
    connectionId = await insertConnection(dataSource());
    repositoryId = await insertRepository(dataSource(), { connectionId });
    await dataSource().query(
      `INSERT INTO project (id, organization_id, repository_id, name, production_branch, branch_previews,
         pull_request_previews, fork_previews) VALUES ($1, 'org_1', $2, $1, 'main', '{}', true, false)`,
      [projectId, repositoryId],
    );
  });

  it('returns the result and enqueues one batch per job after the commit, each key once', async () => {
    const result = await unitOfWork().run({ repositoryId }, async ({ db, afterCommit }) => {
      await db.query(`UPDATE repository SET name = 'renamed' WHERE id = $1`, [repositoryId]);
      afterCommit.enqueue(jobs.syncRef, { refId: 'ref_1' });
      afterCommit.enqueue(jobs.refreshConnection, { connectionId });
      afterCommit.enqueue(jobs.syncRef, { refId: 'ref_2' });
      afterCommit.enqueue(jobs.syncRef, { refId: 'ref_1' });
      expect(enqueued).toEqual([]);
      return 'result';
    });

    expect(result).toBe('result');
    expect(await repositoryNames()).toEqual(['renamed']);
    expect(enqueued).toEqual([
      {
        job: 'sync-ref',
        payloads: [
          { v: 1, refId: 'ref_1' },
          { v: 1, refId: 'ref_2' },
        ],
      },
      { job: 'refresh-connection', payloads: [{ v: 1, connectionId }] },
    ]);
  });

  it('runs tasks after the jobs are enqueued', async () => {
    let enqueuedBefore = 0;
    await unitOfWork().run({ connectionId }, ({ afterCommit }) => {
      afterCommit.run('count jobs', () => {
        enqueuedBefore = enqueued.length;
        return Promise.resolve();
      });
      afterCommit.enqueue(jobs.refreshConnection, { connectionId });
      return Promise.resolve();
    });
    expect(enqueuedBefore).toBe(1);
  });

  it('drops follow-ups when the operation fails', async () => {
    let ran = false;
    const failing = unitOfWork().run({ projectId }, async ({ db, afterCommit }) => {
      await db.query(`UPDATE repository SET name = 'renamed' WHERE id = $1`, [repositoryId]);
      afterCommit.enqueue(jobs.planProject, { projectId });
      afterCommit.run('never', () => Promise.resolve(void (ran = true)));
      throw new Error('roll back');
    });

    await expect(failing).rejects.toThrow('roll back');
    expect(await repositoryNames()).toEqual(['docs']);
    expect({ enqueued, ran }).toEqual({ enqueued: [], ran: false });
  });

  it('keeps the change and logs a warning when the queue is unavailable', async () => {
    queueAvailable = false;
    await unitOfWork().run({ projectId }, async ({ db, afterCommit }) => {
      await db.query(`UPDATE repository SET name = 'renamed' WHERE id = $1`, [repositoryId]);
      afterCommit.enqueue(jobs.planProject, { projectId });
    });
    expect(await repositoryNames()).toEqual(['renamed']);
    expect(warnings).toEqual(['queue unavailable; the sweeper will enqueue the job']);
  });

  it('runs the other tasks when one fails', async () => {
    let ran = false;
    await unitOfWork().run({ projectId }, ({ afterCommit }) => {
      afterCommit.run('remove artifacts', () => Promise.reject(new Error('EIO')));
      afterCommit.run('other', () => Promise.resolve(void (ran = true)));
      return Promise.resolve();
    });
    expect({ ran, warnings }).toEqual({
      ran: true,
      warnings: ['task after commit failed; retention will make up for it'],
    });
  });

  it('rejects a payload that does not match the job before the commit', async () => {
    const invalid = unitOfWork().run({ projectId }, ({ afterCommit }) => {
      afterCommit.enqueue(jobs.planProject, { projectId: 1 as unknown as string });
      return Promise.resolve();
    });
    await expect(invalid).rejects.toThrow('expected string');
  });

  it.each(['connection', 'repository', 'project'] as const)('fails when its %s was deleted', async (kind) => {
    const scope = { connection: { connectionId }, repository: { repositoryId }, project: { projectId } }[kind];
    await dataSource().query('DELETE FROM connection WHERE id = $1', [connectionId]);
    const late = unitOfWork().run(scope, () => Promise.resolve());
    await expect(late).rejects.toMatchObject({ code: 'not-found' });
  });

  it('makes the deletion of its connection wait', async () => {
    const finished: string[] = [];
    let deletion: Promise<unknown> = Promise.resolve();
    await unitOfWork().run({ projectId }, async ({ db }) => {
      deletion = dataSource()
        .query('DELETE FROM connection WHERE id = $1', [connectionId])
        .then(() => finished.push('deletion'));
      // A deletion that had locked the repository first would make this update wait for it, and both for ever.
      await blocked();
      await db.query(`UPDATE repository SET name = 'renamed' WHERE id = $1`, [repositoryId]);
      finished.push('work');
    });
    await deletion;
    expect(finished).toEqual(['work', 'deletion']);
  });

  it('runs beside other units of work of its connection', async () => {
    await unitOfWork().run({ connectionId }, () =>
      unitOfWork().run({ connectionId }, () => renameRepository('renamed')),
    );
    expect(await repositoryNames()).toEqual(['renamed']);
  });

  /** Resolves once a statement of the database waits for a lock. */
  async function blocked(): Promise<void> {
    for (;;) {
      const waiting = await dataSource().query<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted');
      if (waiting.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
