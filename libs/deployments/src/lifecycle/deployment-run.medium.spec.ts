import { describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { DeploymentLogEntity } from './deployment-log.entity.js';
import { appendLog, startDeployment } from './deployment-run.js';

describe('a build', () => {
  const dataSource = useDatabase();
  const failure = { state: 'failed', reason: 'index.md: no' } as const;

  const started = async (repository: TestRepository, commit: string) => {
    await repository.push('main', commit);
    return (await repository.start())[0]!;
  };

  it('that was superseded does not become current, whenever it finishes (P7)', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const older = await started(repository, 'c1');
    const newer = await started(repository, 'c2');
    expect(await repository.finish(newer)).toBe(true);
    expect(await repository.finish(older)).toBe(false);
    expect(await repository.deployments()).toEqual(['production c1 skipped', 'production c2 success current']);
    expect((await repository.statuses()).filter((status) => status.startsWith('c1'))).toEqual([
      'c1 Reunite (Docs): build pending',
      'c1 Reunite (Docs): build error',
    ]);
  });

  it('that fails leaves the current deployment', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    await repository.finish(await started(repository, 'c1'));
    await repository.finish(await started(repository, 'c2'), failure);
    expect(await repository.deployments()).toEqual(['production c1 success current', 'production c2 failed']);
    expect((await repository.statuses()).at(-1)).toBe('c2 Reunite (Docs): build failure');
  });

  it('that runs twice finishes once: the first result and its files stay', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await started(repository, 'c1');
    expect(await repository.run((work) => startDeployment(work, run.deployment.id))).not.toBeNull();
    expect(await repository.finish(run)).toBe(true);
    expect(await repository.finish(run, failure)).toBe(true);
    expect(await repository.deployments()).toEqual(['production c1 success current']);
    expect(await repository.run((work) => startDeployment(work, run.deployment.id))).toBeNull();
  });

  it('that finishes while a newer commit is planned does not keep the newer one from becoming current', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await started(repository, 'c1');
    await Promise.all([repository.finish(run), repository.push('main', 'c2')]);
    await repository.build();
    expect((await repository.deployments()).at(-1)).toBe('production c2 success current');
  });

  it('that starts again has an empty log, and keeps the first of equal lines from two runs', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await started(repository, 'c1');
    const line = (sequence: number, message: string) => ({
      ...{ sequence, message, at: new Date(), level: 'info' as const, file: null, line: null },
    });
    await appendLog(dataSource().manager, run, [line(1, 'first run')]);
    await repository.run((work) => startDeployment(work, run.deployment.id));
    await appendLog(dataSource().manager, run, [line(1, 'second run')]);
    await appendLog(dataSource().manager, run, [line(1, 'first run'), line(2, 'first run')]);
    const log = await dataSource()
      .getRepository(DeploymentLogEntity)
      .find({
        where: { deploymentId: run.deployment.id },
        order: { sequence: 'ASC' },
      });
    expect(log.map(({ message }) => message)).toEqual(['second run', 'first run']);
  });
});
