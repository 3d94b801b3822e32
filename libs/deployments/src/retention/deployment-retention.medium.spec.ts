import { describe, expect, it } from '@jest/globals';
import { DeploymentStand } from '../../test/deployment-stand.js';
import { useBridge } from '../../test/use-bridge.js';
import { promote } from '../lifecycle/deployment-actions.js';
import { forgetDetails, retireDeployments } from './deployment-retention.js';

describe('the retention of deployments', () => {
  const dataSource = useBridge();

  const age = (stand: DeploymentStand, days: number) =>
    dataSource().query(
      `UPDATE deployment SET finished_at = finished_at - make_interval(days => $2)
       WHERE project_id IN (SELECT id FROM project WHERE repository_id = $1)`,
      [stand.repositoryId, days],
    );
  const retire = (productions = 10) =>
    retireDeployments(dataSource().manager, { previewDays: 90, supersededPreviewDays: 5, productions });
  const deploy = async (stand: DeploymentStand, branch: string, ...commits: string[]) => {
    for (const commit of commits) {
      await stand.deploy(branch, commit);
    }
  };

  it('keeps of a branch the newest preview, the others for 5 days, and nothing for longer than 90', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await deploy(stand, 'topic', 'c1', 'c2');
    await deploy(stand, 'other', 'c3');
    await age(stand, 4);
    expect(await retire()).toEqual([]);
    await age(stand, 2);
    expect(await retire()).toHaveLength(1);
    expect(await stand.deployments()).toEqual([
      'preview c1 removed',
      'preview c2 success current',
      'preview c3 success current',
    ]);
    await age(stand, 85);
    expect(await retire()).toHaveLength(2);
    // What grew old does not come back by itself, only with a new commit.
    await stand.planAll();
    await stand.push('other', 'c4');
    expect(await stand.deployments()).toEqual([
      ...['c1', 'c2', 'c3'].map((commit) => `preview ${commit} removed`),
      'preview c4 queued',
    ]);
  });

  it('keeps production however old it is, and as many before it as a rollback may need', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    await deploy(stand, 'main', 'c1', 'c2', 'c3', 'c4');
    await stand.act(promote, 'c1');
    await stand.build();
    await age(stand, 400);
    expect(await retire()).toEqual([]);
    expect(await retire(2)).toHaveLength(3);
    expect(await stand.deployments()).toEqual([
      'production c1 removed',
      'production c2 removed',
      'production c3 removed',
      'production c4 success',
      'production c1 success current',
    ]);
    expect(await retire(2)).toEqual([]);
  });

  it('forgets after a while what was said while something was built that shows nothing, and what was found in it', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    await deploy(stand, 'main', 'c1');
    await stand.push('main', 'c2');
    await stand.build({ state: 'failed', reason: 'index.md: no' });
    await dataSource().query(
      `INSERT INTO deployment_log (deployment_id, sequence, level, message)
       SELECT deployment.id, n, 'info', 'Building' FROM deployment
       JOIN project ON project.id = project_id, generate_series(1, 1200) n WHERE repository_id = $1`,
      [stand.repositoryId],
    );
    await dataSource().query(
      `INSERT INTO deployment_finding (deployment_id, name, sequence, severity, rule, message)
       SELECT deployment.id, 'lint', 0, 'error', 'heading-level', 'No' FROM deployment
       JOIN project ON project.id = project_id WHERE repository_id = $1`,
      [stand.repositoryId],
    );
    const kept = async () => {
      const rows = await dataSource().query<{ said: string }[]>(
        `SELECT concat_ws(' ', commit, (SELECT count(*) FROM deployment_log WHERE deployment_id = deployment.id),
           (SELECT count(*) FROM deployment_finding WHERE deployment_id = deployment.id)) AS said
         FROM deployment JOIN project ON project.id = project_id WHERE repository_id = $1 ORDER BY deployment.id`,
        [stand.repositoryId],
      );
      return rows.map(({ said }) => said);
    };
    await age(stand, 179);
    await forgetDetails(dataSource().manager, 180);
    expect(await kept()).toEqual(['c1 1200 1', 'c2 1200 1']);
    await age(stand, 2);
    await forgetDetails(dataSource().manager, 180);
    expect(await kept()).toEqual(['c1 1200 1', 'c2 0 0']);
  });
});
