import { describe, expect, it } from '@jest/globals';
import { desiredStatuses } from './desired-statuses.rules.js';
import type { CheckRow, DeploymentRow, HeadRow } from './desired-statuses.rules.js';

const links = { deploymentPage: (id: string) => `page/${id}`, preview: (id: string) => `preview/${id}` };

const deployment = (id: string, values: Partial<DeploymentRow> = {}): DeploymentRow => ({
  id,
  environment: 'production',
  commit: 'c1',
  laterCommits: [],
  previewedCommits: [],
  tree: 'tree-1',
  state: 'success',
  trigger: 'push',
  pages: 2,
  reason: null,
  failure: null,
  ...values,
});
const queued = { state: 'queued', pages: null } as const;
const failed = { state: 'failed', pages: null, reason: 'index.md: no', failure: 'index.md: no' } as const;
const cancelled = { state: 'skipped', pages: null, reason: 'Cancelled by Grace' } as const;
const check = (deploymentId: string, values: Partial<CheckRow> = {}): CheckRow => ({
  deploymentId,
  name: 'lint',
  state: 'success',
  summary: 'No problems found',
  newErrors: null,
  ...values,
});

const policy = {
  productionBranch: 'main',
  branchPreviews: { mode: 'none' },
  pullRequestPreviews: true,
  forkPreviews: false,
  productionChecks: 'block',
  previewChecks: 'all',
} as const;

/** Statuses of a commit, as `build success: 2 pages built (page/d1)`. */
const statuses = (deployments: DeploymentRow[], checks: CheckRow[] = [], commit = 'c1') =>
  desiredStatuses([commit], { project: { name: 'Docs', ...policy }, deployments, checks, heads: [] }, links).map(
    ({ context, state, description, targetUrl }) =>
      `${context.replace('Reunite (Docs): ', '')} ${state}: ${description} (${targetUrl ?? ''})`,
  );

describe('the desired statuses of a commit', () => {
  it('are none if no deployment covers it', () => {
    expect(statuses([deployment('d1')], [], 'c2')).toEqual([]);
  });

  it.each<[string, Partial<DeploymentRow>, string]>([
    ['queued', queued, 'build pending: Waiting to be built (page/d1)'],
    ['building', { ...queued, state: 'in_progress' }, 'build pending: Waiting to be built (page/d1)'],
    ['promoted', { ...queued, trigger: 'promote' }, 'build pending: Waiting to be promoted (page/d1)'],
    ['successful', {}, 'build success: 2 pages built (page/d1)'],
    ['successful with one page', { pages: 1 }, 'build success: 1 page built (page/d1)'],
    ['failed', failed, 'build failure: index.md: no (page/d1)'],
    ['timed out', { ...failed, state: 'timed_out' }, 'build failure: index.md: no (page/d1)'],
    ['failed on an older worker', { ...failed, failure: null }, 'build failure: index.md: no (page/d1)'],
    ['cancelled', cancelled, 'build error: Cancelled by Grace (page/d1)'],
    ['removed after a success', { state: 'removed', reason: 'Old' }, 'build success: 2 pages built (page/d1)'],
    [
      'removed after a failure',
      { ...failed, state: 'removed', reason: 'Old' },
      'build failure: index.md: no (page/d1)',
    ],
    ['removed before it finished', { ...queued, state: 'removed', reason: 'Gone' }, 'build error: Gone (page/d1)'],
  ])('report a deployment that is %s', (_, values, expected) => {
    expect(statuses([deployment('d1', values)])).toEqual([expected]);
  });

  it.each([
    ['block', 'production', 'failure: 2 errors'],
    ['warn', 'production', 'failure: 2 errors'],
    ['ignore', 'production', 'success: Ignored: 2 errors'],
    ['ignore', 'preview', 'failure: 2 errors'],
  ] as const)(
    'with `productionChecks` %s, report a failed check of %s as %s',
    (productionChecks, environment, expected) => {
      const rows = {
        project: { name: 'Docs', ...policy, productionChecks },
        deployments: [deployment('d1', { environment })],
        checks: [check('d1', { state: 'failure', summary: '2 errors' })],
        heads: [],
      };
      const lint = desiredStatuses(['c1'], rows, links).find(({ context }) => context.endsWith('lint'));
      expect(`${lint?.state}: ${lint?.description}`).toBe(expected);
    },
  );

  it.each([
    ['all', 'a preview', 0, 'failure: 3 errors'],
    ['new', 'a preview', 0, 'success: No new errors (3 errors as in production)'],
    ['new', 'a preview', 1, 'failure: 1 new error (3 errors in total)'],
    ['new', 'a preview', 2, 'failure: 2 new errors (3 errors in total)'],
    ['new', 'a preview', null, 'failure: 3 errors'],
    ['new', 'production', null, 'failure: 3 errors'],
    ['all', 'a preview that shows production', null, 'failure: 3 errors'],
    ['new', 'a preview that shows production', null, 'success: No new errors (3 errors as in production)'],
  ] as const)(
    'with `previewChecks` %s, report 3 errors of %s, of which %s are new, as %s',
    (previewChecks, what, newErrors, expected) => {
      const shown = { commit: 'c0', previewedCommits: ['c1'] };
      const values = {
        'a preview': { environment: 'preview' },
        production: {},
        'a preview that shows production': shown,
      };
      const rows = {
        project: { name: 'Docs', ...policy, previewChecks },
        deployments: [deployment('d1', values[what] as Partial<DeploymentRow>)],
        checks: [check('d1', { state: 'failure', summary: '3 errors', newErrors })],
        heads: [],
      };
      const lint = desiredStatuses(['c1'], rows, links).find(({ context }) => context.endsWith('lint'));
      expect(`${lint?.state}: ${lint?.description}`).toBe(expected);
    },
  );

  it('with `productionChecks` ignore, keep the error of a check that could not run', () => {
    const rows = {
      project: { name: 'Docs', ...policy, productionChecks: 'ignore' as const },
      deployments: [deployment('d1')],
      checks: [check('d1', { state: 'error', summary: 'Timed out' })],
      heads: [],
    };
    expect(desiredStatuses(['c1'], rows, links).at(-1)).toMatchObject({ state: 'error', description: 'Timed out' });
  });

  it('include the preview of a preview deployment', () => {
    expect(statuses([deployment('d1', { environment: 'preview' })])).toEqual([
      'build success: 2 pages built (page/d1)',
      'preview success: 2 pages built (preview/d1)',
    ]);
  });

  it('state why a commit needs no build of its own', () => {
    const covering = deployment('d1', { laterCommits: ['c2'], previewedCommits: ['c3'] });
    expect(statuses([covering], [], 'c2')).toEqual(['build success: Nothing to build: no change (page/d1)']);
    expect(statuses([covering], [], 'c3')).toEqual([
      'build success: Nothing to build: same as production (page/d1)',
      'preview success: Nothing to build: same as production (preview/d1)',
    ]);
  });

  it('follow the newest deployment, whichever finishes last (P7)', () => {
    const older = deployment('d1', failed);
    expect(statuses([deployment('d2', queued), older])).toEqual(['build pending: Waiting to be built (page/d2)']);
    expect(statuses([older, deployment('d2')])).toEqual(['build success: 2 pages built (page/d2)']);
    expect(statuses([deployment('d1'), deployment('d2', failed)])).toEqual(['build failure: index.md: no (page/d2)']);
  });

  it('return to the newest other deployment of the same content when one is cancelled', () => {
    expect(statuses([deployment('d1'), deployment('d2'), deployment('d3', cancelled)])).toEqual([
      'build success: 2 pages built (page/d2)',
    ]);
    expect(statuses([deployment('d1', { tree: 'other' }), deployment('d2', cancelled)])).toEqual([
      'build error: Cancelled by Grace (page/d2)',
    ]);
  });

  it('keep the cancelled preview apart from the production of the same commit', () => {
    const preview = deployment('d2', { environment: 'preview', ...cancelled });
    expect(statuses([deployment('d1'), preview])).toEqual([
      'build success: 2 pages built (page/d1)',
      'preview error: Cancelled by Grace (preview/d2)',
    ]);
  });

  it('follow the newest check that was not cancelled, and ignore copies of a promotion', () => {
    const deployments = ['d1', 'd2', 'd3'].map((id) => deployment(id));
    const copy = deployment('d4', { trigger: 'promote' });
    const checks = [
      check('d1', { summary: '1 warning' }),
      check('d2', { state: 'failure', summary: '1 error' }),
      check('d3', { state: 'error', summary: 'Cancelled by Grace' }),
      check('d4'),
    ];
    expect(statuses([...deployments, copy], checks)).toContain('lint failure: 1 error (page/d2)');
    expect(statuses([deployment('d3')], checks)).toContain('lint error: Cancelled by Grace (page/d3)');
  });

  describe('on a head that is not built', () => {
    const fork: HeadRow = { commit: 'c1', ref: { kind: 'fork', openPullRequests: 1 } };
    const topic: HeadRow = { commit: 'c1', ref: { kind: 'branch', branch: 'topic', openPullRequests: 1 } };
    const queue: HeadRow = {
      commit: 'c1',
      ref: { kind: 'branch', branch: 'gh-readonly-queue/main/pr-1-abc', openPullRequests: 0 },
    };
    const onHead = (settings: Partial<typeof policy> | object, ...heads: HeadRow[]) =>
      desiredStatuses(
        ['c1'],
        { project: { name: 'Docs', ...policy, ...settings }, deployments: [], checks: [], heads },
        links,
      ).map(({ context, state, description }) => `${context.slice(16)} ${state}: ${description}`);
    const allSucceed = (reason: string) =>
      ['build', 'preview', 'lint', 'links'].map((check) => `${check} success: Not built: ${reason}`);

    it('succeed, so that a branch protection that requires them does not wait', () => {
      expect(onHead({}, fork)).toEqual(allSucceed('the project builds no pull requests from forks'));
      const off = allSucceed('the project builds no pull requests');
      expect(onHead({ pullRequestPreviews: false }, fork)).toEqual(off);
      expect(onHead({ pullRequestPreviews: false }, topic)).toEqual(off);
      expect(onHead({ pullRequestPreviews: false }, queue)).toEqual(off);
    });

    it('are none while the policy includes it, because its deployment reports them', () => {
      expect(onHead({}, topic)).toEqual([]);
      expect(onHead({}, queue)).toEqual([]);
      expect(onHead({ forkPreviews: true }, fork)).toEqual([]);
    });
  });
});
