import { expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../../test/use-worker.js';

const INVALID_API = 'openapi: 3.1.0\ninfo: { title: Pets }\npaths: {}\n';
const GOOD = { 'index.md': '# Welcome\n' };

onBothQueues((worker) => {
  /** Pushes to production, and returns the deployment with the final statuses of its commit. */
  async function push(
    project: Awaited<ReturnType<ReturnType<typeof worker>['connect']>>,
    files: Record<string, string>,
  ) {
    const pushed = worker().ghes.git.push('main', files);
    await project.deliverPush(pushed);
    const last = new Map<string, string>();
    await eventually(async () => {
      for (const { sha, context, state, description } of await worker().ghes.statuses()) {
        if (sha === pushed.after) last.set(context.replace(/^.*: /, ''), `${state}: ${description}`);
      }
      return ['build', 'links', 'lint'].every((check) => /^(?!pending)./.test(last.get(check) ?? ''));
    });
    const [deployment] = await project.deployments(pushed.after);
    return { deployment: deployment!, last };
  }
  const isCurrent = async (id: string) => {
    const rows = await worker().resources.dataSource.query<{ current: boolean }[]>(
      'SELECT current FROM deployment WHERE id = $1',
      [id],
    );
    return rows[0]?.current;
  };

  it('keeps the previous production if checks fail, with the reason', async () => {
    await worker().start();
    const project = await worker().connect({ productionChecks: 'block', branchPreviews: 'all' });
    const first = await push(project, GOOD);
    expect([first.deployment.state, await isCurrent(first.deployment.id)]).toEqual(['success', true]);
    const broken = await push(project, {
      ...GOOD,
      'broken.md': '# Broken\n\n[gone](gone.md) [too](gone2.md)\n',
      'openapi.yaml': INVALID_API,
    });
    expect(broken.deployment).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^Not published: 2 broken links, \d+ lint errors?\. Production shows the previous/),
    });
    expect(broken.last.get('links')).toBe('failure: 2 errors');
    expect(broken.last.get('lint')).toMatch(/^failure: /);
    expect(broken.last.get('build')).toMatch(/^failure: Not published: 2 broken links/);
    expect([await isCurrent(first.deployment.id), await isCurrent(broken.deployment.id)]).toEqual([true, false]);
    await eventually(() => !worker().hasArtifact(broken.deployment.id));
    expect(await worker().artifact(first.deployment.id, 'index.html')).toContain('Welcome');

    // The repository exempts both checks.
    const reunite = 'reunite:\n  ignoreLinkChecker: true\n  ignoreLint: { "*.yaml": true }\n';
    const exempt = await push(project, {
      ...GOOD,
      'broken.md': '# Broken\n\n[gone](gone.md)\n',
      'openapi.yaml': INVALID_API,
      'redocly.yaml': reunite,
    });
    expect([exempt.deployment.state, exempt.last.get('links')]).toEqual(['success', 'failure: 1 error']);
    expect(await isCurrent(exempt.deployment.id)).toBe(true);
  });

  it('publishes a preview, and production of a project that only warns, whatever the checks find', async () => {
    await worker().start();
    const project = await worker().connect({ productionChecks: 'warn' });
    const { deployment, last } = await push(project, { 'index.md': '# Welcome\n\n[gone](gone.md)\n' });
    expect([deployment.state, last.get('links')]).toEqual(['success', 'failure: 1 error']);
    expect(await isCurrent(deployment.id)).toBe(true);
  });

  it('publishes production of a project that ignores checks, and their statuses succeed', async () => {
    await worker().start();
    const project = await worker().connect({ productionChecks: 'ignore' });
    const { deployment, last } = await push(project, { 'index.md': '# Welcome\n\n[gone](gone.md)\n' });
    expect([deployment.state, last.get('links')]).toEqual(['success', 'success: Ignored: 1 error']);
    expect(await isCurrent(deployment.id)).toBe(true);
  });

  it('does not publish a site of which a file cannot be built', async () => {
    await worker().start();
    const project = await worker().connect({ productionChecks: 'block' });
    const { deployment } = await push(project, { ...GOOD, 'openapi.yaml': 'openapi: 3.1.0\npaths: [\n' });
    expect(deployment).toMatchObject({ state: 'failed', reason: expect.stringContaining('1 file cannot be built') });
  });
});
