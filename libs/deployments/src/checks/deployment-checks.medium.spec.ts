import { describe, expect, it } from '@jest/globals';
import type { CheckName, Finding } from '@reunite/contracts';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { DeploymentCheckEntity } from './deployment-check.entity.js';
import { failCheck, finishCheck, startCheck } from './deployment-checks.js';
import type { CheckResult } from './deployment-checks.js';
import { DeploymentFindingEntity } from './deployment-finding.entity.js';
import { promote } from '../lifecycle/deployment-actions.js';
import type { StartedDeployment } from '../lifecycle/deployment-run.js';

const finding = (severity: Finding['severity'], line: number): Finding => ({
  ...{ severity, rule: 'heading-level', message: 'No', file: 'index.md', line, column: null },
});
const clean: CheckResult = { errors: 0, warnings: 0, findings: [] };

describe('the checks of a deployment', () => {
  const dataSource = useDatabase();

  const built = async (repository: TestRepository, commit: string, tree?: string) => {
    await repository.push('main', commit, tree);
    const [run] = await repository.start();
    await repository.finish(run!);
    return run!;
  };
  const finish = (repository: TestRepository, { deployment }: StartedDeployment, name: CheckName, result = clean) =>
    repository.run((work) => finishCheck(work, deployment.id, name, result));
  const checks = async ({ deployment }: StartedDeployment) => {
    const rows = await dataSource()
      .getRepository(DeploymentCheckEntity)
      .find({
        where: { deploymentId: deployment.id },
        order: { name: 'ASC' },
      });
    return rows.map(({ name, state, summary }) => `${name} ${state}: ${summary}`);
  };
  /** Statuses of a commit in one context, in order. */
  const statuses = async ({ repositoryId }: TestRepository, commit: string, name: CheckName) => {
    const rows = await dataSource().query<{ text: string }[]>(
      `SELECT state || ': ' || description AS text FROM commit_status
       WHERE repository_id = $1 AND commit = $2 AND context = $3 ORDER BY sequence`,
      [repositoryId, commit, `Reunite (Docs): ${name}`],
    );
    return rows.map((row) => row.text);
  };

  it('are pending until they finish, with their findings and a status that counts them', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await built(repository, 'c1');
    expect(await checks(run)).toEqual(['links pending: Waiting for the build', 'lint pending: Waiting for the build']);
    await finish(repository, run, 'links');
    await finish(repository, run, 'lint', {
      errors: 2,
      warnings: 1,
      findings: [finding('error', 3), finding('warning', 9)],
    });
    expect(await checks(run)).toEqual(['links success: No problems found', 'lint failure: 2 errors, 1 warning']);
    expect(await statuses(repository, 'c1', 'lint')).toEqual([
      'pending: Waiting for the build',
      'failure: 2 errors, 1 warning',
    ]);
    const findings = dataSource().getRepository(DeploymentFindingEntity).findBy({ deploymentId: run.deployment.id });
    expect(await findings).toMatchObject([
      { name: 'lint', severity: 'error', file: 'index.md', line: 3 },
      { severity: 'warning', line: 9 },
    ]);
    // A second run of the same check, by a worker that was thought dead.
    await finish(repository, run, 'lint');
    expect(await statuses(repository, 'c1', 'lint')).toHaveLength(2);
  });

  it('attack: are dropped when a newer commit supersedes their finished deployment', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const older = await built(repository, 'c1');
    await finish(repository, older, 'links');
    await repository.push('main', 'c2');
    expect(await checks(older)).toEqual(['links success: No problems found', 'lint error: Superseded by c2']);
    expect(await repository.run(({ db }) => startCheck(db, older.deployment.id, 'lint'))).toBeNull();
    expect(await statuses(repository, 'c1', 'lint')).toEqual([
      'pending: Waiting for the build',
      'error: Superseded by c2',
    ]);
  });

  it('run again if they were dropped and their deployment is promoted', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const older = await built(repository, 'c1');
    await finish(repository, older, 'links');
    await built(repository, 'c2');
    await repository.act(promote, 'c1');
    expect(await checks(older)).toEqual([
      'links success: No problems found',
      'lint pending: Waiting to be linted again',
    ]);
    await finish(repository, older, 'lint');
    expect((await statuses(repository, 'c1', 'lint')).slice(1)).toEqual([
      'error: Superseded by c2',
      'pending: Waiting to be linted again',
      'success: No problems found',
    ]);
  });

  it('are cancelled with the deployment, for good (P7)', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    await repository.push('main', 'c1');
    const [older] = await repository.start();
    await repository.push('main', 'c2');
    expect(await checks(older!)).toEqual(['links error: Superseded by c2', 'lint error: Superseded by c2']);
    await finish(repository, older!, 'lint');
    expect(await statuses(repository, 'c1', 'lint')).toEqual([
      'pending: Waiting for the build',
      'error: Superseded by c2',
    ]);
  });

  it('report to a later commit without changes too, at once or when they finish', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await built(repository, 'c1', 'docs=1');
    await finish(repository, run, 'links', { ...clean, errors: 1 });
    await repository.push('main', 'c2', 'docs=1');
    expect(await statuses(repository, 'c2', 'links')).toEqual(['failure: 1 error']);
    expect(await statuses(repository, 'c2', 'lint')).toEqual(['pending: Waiting for the build']);
    await finish(repository, run, 'lint');
    for (const commit of ['c1', 'c2']) {
      expect(await statuses(repository, commit, 'lint')).toEqual([
        'pending: Waiting for the build',
        'success: No problems found',
      ]);
    }
    await repository.push('main', 'c3', 'docs=1');
    expect(await statuses(repository, 'c3', 'lint')).toEqual(['success: No problems found']);
  });

  it('start after the build, count their starts, and can fail with a reason', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    await repository.push('main', 'c1');
    const [run] = await repository.start();
    const { id } = run!.deployment;
    const start = () => dataSource().transaction((db) => startCheck(db, id, 'lint'));
    expect(await start()).toBeNull();
    await repository.finish(run!);
    expect((await start())?.attempts).toBe(0);
    expect((await start())?.attempts).toBe(1);
    await repository.run((work) => failCheck(work, id, 'lint', 'It took too long'));
    expect(await start()).toBeNull();
    expect(await checks(run!)).toEqual(['links pending: Waiting for the build', 'lint error: It took too long']);
  });

  it('keep a thousand findings, and are deleted with their project', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const run = await built(repository, 'c1');
    const findings = Array.from({ length: 1_000 }, (_, at) => finding('warning', at));
    await finish(repository, run, 'lint', { errors: 0, warnings: 1_000, findings });
    const rows = dataSource().getRepository(DeploymentFindingEntity);
    const where = { deploymentId: run.deployment.id };
    expect(await rows.countBy(where)).toBe(1_000);
    await dataSource().query('DELETE FROM project WHERE id = $1', [run.project.id]);
    expect(await rows.countBy(where)).toBe(0);
  });
});
