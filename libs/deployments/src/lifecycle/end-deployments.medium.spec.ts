import { describe, expect, it } from '@jest/globals';
import { checkNames } from '@reunite/contracts';
import { addresses, DeploymentStand } from '../../test/deployment-stand.js';
import { useBridge } from '../../test/use-bridge.js';
import { cancelDeployment, promote, redeploy } from './deployment-actions.js';
import { finishCheck } from '../checks/deployment-checks.js';
import type { ProjectEntity } from '../project/project.entity.js';

const clean = { errors: 0, warnings: 0, findings: [] };
const green = ['build success: 2 pages built', 'links success: No problems found', 'lint success: No problems found'];
const ended = (reason: string) => ['build', 'links', 'lint'].map((check) => `${check} error: ${reason}`);

describe('a deployment that is ended', () => {
  const dataSource = useBridge();

  const buildAndCheck = async (stand: DeploymentStand) => {
    for (const run of await stand.start()) {
      await stand.finish(run);
      await dataSource().transaction(async (db) => {
        const reporting = { db, project: run.project, addresses, statuses: [] };
        for (const name of checkNames) await finishCheck(reporting, run.deployment, name, clean);
      });
    }
  };
  /** Production shows c1. */
  const published = async (own: Partial<ProjectEntity> = { branchPreviews: { mode: 'all' } }) => {
    const stand = await DeploymentStand.open(dataSource(), own);
    await stand.push('main', 'c1');
    await buildAndCheck(stand);
    return stand;
  };

  it('by a newer commit of its branch says nothing against production, which shows the same commit (P7)', async () => {
    const stand = await published();
    await stand.push('topic', 'c1');
    expect(await stand.lastWords('c1')).toContain('build pending: Waiting to be built');
    await stand.push('topic', 'c2');
    expect(await stand.lastWords('c1')).toEqual([...green, 'preview error: Superseded by c2']);
  });

  it('with its branch says nothing against production, which shows the same commit (P7)', async () => {
    const stand = await published();
    await stand.push('topic', 'c1');
    await stand.start();
    await stand.remove('topic');
    expect(await stand.lastWords('c1')).toEqual([...green, 'preview error: The branch was deleted']);
  });

  it('on its way to production says nothing against the preview that it was promoted from (P7)', async () => {
    const stand = await published({});
    await stand.pullRequest(1, 'topic', 'open');
    await stand.push('topic', 'c2');
    await buildAndCheck(stand);
    await stand.act(promote, 'c2', 'preview');
    await stand.push('main', 'c3');
    expect(await stand.lastWords('c2')).toEqual([...green, 'preview success: 2 pages built']);
  });

  it('by a person who re-deployed it says nothing against what is shown still (P7)', async () => {
    const stand = await published();
    await stand.act(redeploy, 'c1');
    await stand.act(cancelDeployment, 'c1');
    expect(await stand.lastWords('c1')).toEqual(green);
  });

  it('says nothing against production of a commit that production shares, because it changed nothing (P7)', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await stand.push('main', 'c1', 'docs=1');
    await buildAndCheck(stand);
    await stand.push('main', 'c2', 'docs=1');
    await stand.push('topic', 'c2', 'docs=1');
    await stand.remove('topic');
    const [, ...checked] = green;
    const words = ['build success: Nothing to build: no change', ...checked, 'preview error: The branch was deleted'];
    expect(await stand.lastWords('c2')).toEqual(words);
  });

  it('leaves the word to another one that is still built', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await stand.push('main', 'c1');
    await stand.push('topic', 'c1');
    await stand.remove('topic');
    expect(await stand.lastWords('c1')).toEqual([
      'build pending: Waiting to be built',
      ...['links', 'lint'].map((check) => `${check} pending: Waiting for the build`),
      'preview error: The branch was deleted',
    ]);
  });

  it('says why where nothing else shows its content, nor anything that ends with it', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await stand.push('topic', 'c1');
    await stand.push('other', 'c1');
    await stand.change({ branchPreviews: { mode: 'none' } });
    const reason = 'No open pull request and no setting of the project asks for this preview any more';
    expect(await stand.lastWords('c1')).toEqual([...ended(reason), `preview error: ${reason}`]);
  });

  it('says why where the same commit was built from another folder', async () => {
    const stand = await DeploymentStand.open(dataSource(), { rootFolder: 'docs' });
    await stand.push('main', 'c1', 'docs=1,api=2');
    await buildAndCheck(stand);
    await stand.change({ rootFolder: 'api' });
    await stand.act(cancelDeployment, 'c1');
    expect(await stand.lastWords('c1')).toEqual(ended('Cancelled by Grace'));
  });
});
