import { describe, expect, it } from '@jest/globals';
import { checkNames } from '@reunite/contracts';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { cancelDeployment, promote, redeploy } from './deployment-actions.js';
import { finishCheck } from '../checks/deployment-checks.js';
import type { ProjectEntity } from '../project/project.entity.js';

const clean = { errors: 0, warnings: 0, findings: [] };
const green = ['build success: 2 pages built', 'links success: No problems found', 'lint success: No problems found'];
const cancelled = (reason: string) => ['build', 'links', 'lint'].map((check) => `${check} error: ${reason}`);

describe('a cancelled deployment', () => {
  const dataSource = useDatabase();

  const buildAndCheck = async (repository: TestRepository) => {
    for (const run of await repository.start()) {
      await repository.finish(run);
      for (const name of checkNames) await repository.run((work) => finishCheck(work, run.deployment.id, name, clean));
    }
  };
  /** Production shows c1. */
  const published = async (own: Partial<ProjectEntity> = { branchPreviews: { mode: 'all' } }) => {
    const repository = await TestRepository.open(dataSource(), own);
    await repository.push('main', 'c1');
    await buildAndCheck(repository);
    return repository;
  };

  it('keeps the status of production for the same commit, if a newer commit supersedes it (P7)', async () => {
    const repository = await published();
    await repository.push('topic', 'c1');
    expect(await repository.latestStatuses('c1')).toContain('build pending: Waiting to be built');
    await repository.push('topic', 'c2');
    expect(await repository.latestStatuses('c1')).toEqual([...green, 'preview error: Superseded by c2']);
  });

  it('keeps the status of production for the same commit, if its branch is deleted (P7)', async () => {
    const repository = await published();
    await repository.push('topic', 'c1');
    await repository.start();
    await repository.remove('topic');
    expect(await repository.latestStatuses('c1')).toEqual([...green, 'preview error: The branch was deleted']);
  });

  it('keeps the status of the preview that it was promoted from (P7)', async () => {
    const repository = await published({});
    await repository.pullRequest(1, 'topic', 'open');
    await repository.push('topic', 'c2');
    await buildAndCheck(repository);
    await repository.act(promote, 'c2', 'preview');
    await repository.push('main', 'c3');
    expect(await repository.latestStatuses('c2')).toEqual([...green, 'preview success: 2 pages built']);
  });

  it('keeps the status of the current deployment, if it was a re-deployment (P7)', async () => {
    const repository = await published();
    await repository.act(redeploy, 'c1');
    await repository.act(cancelDeployment, 'c1');
    expect(await repository.latestStatuses('c1')).toEqual(green);
  });

  it('keeps the status of a commit without changes that production covers (P7)', async () => {
    const repository = await TestRepository.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await repository.push('main', 'c1', 'docs=1');
    await buildAndCheck(repository);
    await repository.push('main', 'c2', 'docs=1');
    await repository.push('topic', 'c2', 'docs=1');
    await repository.remove('topic');
    const [, ...checked] = green;
    const expected = [
      'build success: Nothing to build: no change',
      ...checked,
      'preview error: The branch was deleted',
    ];
    expect(await repository.latestStatuses('c2')).toEqual(expected);
  });

  it('leaves the status to another deployment that is still being built', async () => {
    const repository = await TestRepository.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await repository.push('main', 'c1');
    await repository.push('topic', 'c1');
    await repository.remove('topic');
    expect(await repository.latestStatuses('c1')).toEqual([
      'build pending: Waiting to be built',
      ...['links', 'lint'].map((check) => `${check} pending: Waiting for the build`),
      'preview error: The branch was deleted',
    ]);
  });

  it('reports the reason if no other deployment of its content stays', async () => {
    const repository = await TestRepository.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await repository.push('topic', 'c1');
    await repository.push('other', 'c1');
    await repository.change({ branchPreviews: { mode: 'none' } });
    const reason = 'Neither an open pull request nor a setting of the project asks for this preview';
    expect(await repository.latestStatuses('c1')).toEqual([...cancelled(reason), `preview error: ${reason}`]);
  });

  it('reports the reason if the same commit was built from another folder only', async () => {
    const repository = await TestRepository.open(dataSource(), { rootFolder: 'docs' });
    await repository.push('main', 'c1', 'docs=1,api=2');
    await buildAndCheck(repository);
    await repository.change({ rootFolder: 'api' });
    await repository.act(cancelDeployment, 'c1');
    expect(await repository.latestStatuses('c1')).toEqual(cancelled('Cancelled by Grace'));
  });
});
