import { describe, expect, it } from '@jest/globals';
import { DeploymentStand } from '../../test/deployment-stand.js';
import { useBridge } from '../../test/use-bridge.js';
import { DeploymentLogEntity } from './deployment-log.entity.js';
import { appendLog, startDeployment } from './deployment-run.js';

describe('a build', () => {
  const dataSource = useBridge();
  const failure = { state: 'failed', reason: 'index.md: no' } as const;

  const started = async (stand: DeploymentStand, commit: string) => {
    await stand.push('main', commit);
    return (await stand.start())[0]!;
  };

  it('that was superseded does not become current, whenever it ends (P7)', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    const older = await started(stand, 'c1');
    const newer = await started(stand, 'c2');
    expect(await stand.finish(newer)).toBe(true);
    expect(await stand.finish(older)).toBe(false);
    expect(await stand.deployments()).toEqual(['production c1 skipped', 'production c2 success current']);
    expect((await stand.statuses()).filter((status) => status.startsWith('c1'))).toEqual([
      'c1 Reunite (Docs): build pending',
      'c1 Reunite (Docs): build error',
    ]);
  });

  it('that fails leaves what was current before', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    await stand.finish(await started(stand, 'c1'));
    await stand.finish(await started(stand, 'c2'), failure);
    expect(await stand.deployments()).toEqual(['production c1 success current', 'production c2 failed']);
    expect((await stand.statuses()).at(-1)).toBe('c2 Reunite (Docs): build failure');
  });

  it('that runs twice ends once: the first to end decides, and what it built stays', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    const run = await started(stand, 'c1');
    expect(await dataSource().transaction((db) => startDeployment(db, run.deployment.id))).not.toBeNull();
    expect(await stand.finish(run)).toBe(true);
    expect(await stand.finish(run, failure)).toBe(true);
    expect(await stand.deployments()).toEqual(['production c1 success current']);
    expect(await dataSource().transaction((db) => startDeployment(db, run.deployment.id))).toBeNull();
  });

  it('that is ended at the same time as a newer commit is planned leaves one of the two current or queued', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    const run = await started(stand, 'c1');
    await Promise.all([stand.finish(run), stand.push('main', 'c2')]);
    await stand.build();
    expect((await stand.deployments()).at(-1)).toBe('production c2 success current');
  });

  it('that begins anew begins its log anew, and of lines that two runs write the first stay', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    const run = await started(stand, 'c1');
    const line = (sequence: number, message: string) => ({
      ...{ sequence, message, at: new Date(), level: 'info' as const, file: null, line: null },
    });
    await appendLog(dataSource().manager, run, [line(1, 'first run')]);
    await dataSource().transaction((db) => startDeployment(db, run.deployment.id));
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
