import { describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { promote } from '../lifecycle/deployment-actions.js';
import { deleteDetails, expireDeployments } from './deployment-retention.js';

describe('the retention of deployments', () => {
  const dataSource = useDatabase();

  const age = (repository: TestRepository, days: number) =>
    dataSource().query(
      `UPDATE deployment SET finished_at = finished_at - make_interval(days => $2)
       WHERE project_id IN (SELECT id FROM project WHERE repository_id = $1)`,
      [repository.repositoryId, days],
    );
  const expire = (productions = 10) =>
    expireDeployments(dataSource().manager, { previewDays: 90, supersededPreviewDays: 5, productions });
  const deploy = async (repository: TestRepository, branch: string, ...commits: string[]) => {
    for (const commit of commits) {
      await repository.deploy(branch, commit);
    }
  };

  it('keeps the newest preview of a branch for 90 days and older ones for 5', async () => {
    const repository = await TestRepository.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await deploy(repository, 'topic', 'c1', 'c2');
    await deploy(repository, 'other', 'c3');
    await age(repository, 4);
    expect(await expire()).toEqual([]);
    await age(repository, 2);
    expect(await expire()).toHaveLength(1);
    expect(await repository.deployments()).toEqual([
      'preview c1 removed',
      'preview c2 success current',
      'preview c3 success current',
    ]);
    await age(repository, 85);
    expect(await expire()).toHaveLength(2);
    // An expired preview comes back with a new commit only.
    await repository.planAll();
    await repository.push('other', 'c4');
    expect(await repository.deployments()).toEqual([
      ...['c1', 'c2', 'c3'].map((commit) => `preview ${commit} removed`),
      'preview c4 queued',
    ]);
  });

  it('keeps the current production, and the configured number of earlier ones', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    await deploy(repository, 'main', 'c1', 'c2', 'c3', 'c4');
    await repository.act(promote, 'c1');
    await repository.build();
    await age(repository, 400);
    expect(await expire()).toEqual([]);
    expect(await expire(2)).toHaveLength(3);
    expect(await repository.deployments()).toEqual([
      'production c1 removed',
      'production c2 removed',
      'production c3 removed',
      'production c4 success',
      'production c1 success current',
    ]);
    expect(await expire(2)).toEqual([]);
  });

  it('deletes logs and findings of old deployments without success', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    await deploy(repository, 'main', 'c1');
    await repository.push('main', 'c2');
    await repository.build({ state: 'failed', reason: 'index.md: no' });
    await dataSource().query(
      `INSERT INTO deployment_log (deployment_id, sequence, level, message)
       SELECT deployment.id, n, 'info', 'Building' FROM deployment
       JOIN project ON project.id = project_id, generate_series(1, 1200) n WHERE repository_id = $1`,
      [repository.repositoryId],
    );
    await dataSource().query(
      `INSERT INTO deployment_finding (deployment_id, name, sequence, severity, rule, message)
       SELECT deployment.id, 'lint', 0, 'error', 'heading-level', 'No' FROM deployment
       JOIN project ON project.id = project_id WHERE repository_id = $1`,
      [repository.repositoryId],
    );
    const details = async () => {
      const rows = await dataSource().query<{ text: string }[]>(
        `SELECT concat_ws(' ', commit, (SELECT count(*) FROM deployment_log WHERE deployment_id = deployment.id),
           (SELECT count(*) FROM deployment_finding WHERE deployment_id = deployment.id)) AS text
         FROM deployment JOIN project ON project.id = project_id WHERE repository_id = $1 ORDER BY deployment.id`,
        [repository.repositoryId],
      );
      return rows.map(({ text }) => text);
    };
    await age(repository, 179);
    await deleteDetails(dataSource().manager, 180);
    expect(await details()).toEqual(['c1 1200 1', 'c2 1200 1']);
    await age(repository, 2);
    await deleteDetails(dataSource().manager, 180);
    expect(await details()).toEqual(['c1 1200 1', 'c2 0 0']);
  });
});
