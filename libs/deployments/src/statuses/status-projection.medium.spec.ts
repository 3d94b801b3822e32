import { describe, expect, it } from '@jest/globals';
import { isCoded } from '@reunite/contracts';
import fc from 'fast-check';
import { TestRepository, links } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import { failCheck, finishCheck } from '../checks/deployment-checks.js';
import { DeploymentCheckEntity } from '../checks/deployment-check.entity.js';
import { cancelDeployment, promote, redeploy } from '../lifecycle/deployment-actions.js';
import { finishDeployment, startDeployment } from '../lifecycle/deployment-run.js';
import type { BuildOutcome } from '../lifecycle/deployment-run.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import type { ProjectSettings } from '../project/project-settings.js';
import { ProjectEntity } from '../project/project.entity.js';
import { expireDeployments } from '../retention/deployment-retention.js';
import { contextPrefix } from './commit-status.rules.js';
import type { CommitStatus } from './commit-status.rules.js';
import { desiredStatuses } from './desired-statuses.rules.js';
import type { HeadRow } from './desired-statuses.rules.js';

/** Commits differ in some folders only, so that pushes, branches and folders share builds. */
const TREES = { c1: 'docs=1,api=1', c2: 'docs=1,api=2', c3: 'docs=2,api=2', c4: 'docs=2,api=1', c5: 'docs=1,api=1' };
type Commit = keyof typeof TREES;
const COMMITS = Object.keys(TREES) as Commit[];
const BRANCHES = ['main', 'next', 'topic'];
const ACTOR = { subject: 'usr_grace', name: 'Grace' };
const CLEAN = { errors: 0, warnings: 0, findings: [] };

const outcomes = fc.constantFrom<BuildOutcome>(
  { state: 'success', pages: 2, bytes: 1_000, links: CLEAN },
  { state: 'success', pages: 1, bytes: 1_000, links: { errors: 1, warnings: 0, findings: [] } },
  { state: 'failed', reason: 'index.md: no', lintable: true },
  { state: 'timed_out', reason: 'too long' },
);
const settings = fc.constantFrom<Partial<ProjectSettings>>(
  { name: 'Docs' },
  { name: 'DOCS' },
  { name: 'Guides' },
  { rootFolder: 'docs' },
  { rootFolder: 'api' },
  { branchPreviews: { mode: 'all' } },
  { branchPreviews: { mode: 'none' } },
  { pullRequestPreviews: false },
  { pullRequestPreviews: true },
  { productionBranch: 'main' },
  { productionBranch: 'next' },
);
/** Chooses one of the rows that an operation applies to. */
const index = fc.nat({ max: 7 });
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('push'), fc.constantFrom(...BRANCHES), fc.constantFrom(...COMMITS)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('delete branch'), fc.constantFrom(...BRANCHES)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('pull request'), fc.constantFrom('open' as const, 'closed' as const)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('start'), index) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('finish'), index, outcomes) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('finish check'), index, fc.boolean()) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('promote', 'redeploy', 'cancel'), index) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('change'), settings) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('expire')) },
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

describe('the statuses in the outbox', () => {
  const dataSource = useDatabase();
  const project = ({ repositoryId }: TestRepository) =>
    dataSource().getRepository(ProjectEntity).findOneByOrFail({ repositoryId });

  /** The nth row of a list that repeats, or nothing if the list is empty. */
  const nth = <Row>(rows: readonly Row[], position: number): Row | undefined => rows[position % rows.length];

  async function run(repository: TestRepository, [kind, first, second]: Operation): Promise<void> {
    const { id: projectId } = await project(repository);
    const deployments = await dataSource()
      .getRepository(DeploymentEntity)
      .find({ where: { projectId }, order: { id: 'ASC' } });
    const inState = (state: string) => deployments.filter((deployment) => deployment.state === state);
    switch (kind) {
      case 'push':
        return repository.push(first, second, TREES[second]);
      case 'delete branch':
        return repository.remove(first);
      case 'pull request':
        // Without a commit of its own there is nothing that a pull request could merge.
        if (repository.has('topic')) await repository.pullRequest(1, 'topic', first);
        return;
      case 'start': {
        const deployment = nth(inState('queued'), first);
        if (deployment) await repository.run((work) => startDeployment(work, deployment.id));
        return;
      }
      case 'finish': {
        const deployment = nth(inState('in_progress'), first);
        if (deployment) await repository.run((work) => finishDeployment(work, deployment.id, second));
        return;
      }
      case 'finish check': {
        const built = deployments.filter(({ finishedAt }) => finishedAt !== null).map(({ id }) => id);
        const pending = await dataSource().getRepository(DeploymentCheckEntity).findBy({ state: 'pending' });
        const check = nth(
          pending.filter(({ deploymentId }) => built.includes(deploymentId)),
          first,
        );
        if (!check) return;
        await repository.run((work) =>
          second
            ? finishCheck(work, check.deploymentId, check.name, CLEAN)
            : failCheck(work, check.deploymentId, check.name, 'too long'),
        );
        return;
      }
      case 'promote':
      case 'redeploy':
      case 'cancel': {
        const action = { promote, redeploy, cancel: cancelDeployment }[kind];
        const deployment = nth(deployments, first);
        if (deployment) await unlessConflict(repository.run((work) => action(work, deployment.id, ACTOR)));
        return;
      }
      case 'change':
        return repository.change(first);
      case 'expire':
        await expireDeployments(dataSource().manager, { previewDays: 0, supersededPreviewDays: 0, productions: 1 });
        return;
    }
  }

  /** Finishes all builds and checks. */
  async function finishAll(repository: TestRepository): Promise<void> {
    const { id: projectId } = await project(repository);
    const open = await dataSource()
      .getRepository(DeploymentEntity)
      .findBy([
        { projectId, state: 'queued' },
        { projectId, state: 'in_progress' },
      ]);
    for (const { id } of open) {
      await repository.run((work) => startDeployment(work, id));
      await repository.run((work) =>
        finishDeployment(work, id, { state: 'success', pages: 2, bytes: 1_000, links: CLEAN }),
      );
    }
    const deployments = await dataSource().getRepository(DeploymentEntity).findBy({ projectId });
    for (const { id } of deployments) {
      await repository.run((work) => finishCheck(work, id, 'lint', CLEAN));
      await repository.run((work) => finishCheck(work, id, 'links', CLEAN));
    }
  }

  async function latestStatuses({ repositoryId }: TestRepository): Promise<CommitStatus[]> {
    return dataSource().query<CommitStatus[]>(
      `SELECT DISTINCT ON (commit, lower(context)) commit, context, state, description, target_url AS "targetUrl"
       FROM commit_status WHERE repository_id = $1 ORDER BY commit, lower(context), sequence DESC`,
      [repositoryId],
    );
  }

  async function projection(repository: TestRepository): Promise<CommitStatus[]> {
    const current = await project(repository);
    const deployments = await dataSource().getRepository(DeploymentEntity).findBy({ projectId: current.id });
    const checks = await dataSource().getRepository(DeploymentCheckEntity).find();
    return desiredStatuses(COMMITS, { project: current, deployments, checks, heads: await heads(repository) }, links);
  }

  /** The head of the pull request while it is open. */
  async function heads({ repositoryId }: TestRepository): Promise<HeadRow[]> {
    const open = await dataSource().query<{ commit: string; branch: string }[]>(
      `SELECT head_commit AS commit, head_branch AS branch FROM pull_request WHERE repository_id = $1 AND state = 'open'`,
      [repositoryId],
    );
    return open.map(({ commit, branch }) => ({ commit, ref: { kind: 'branch', branch, openPullRequests: 1 } }));
  }

  /** After a rename, commits that nothing changed since have no status under the new name. */
  async function expectProjected(repository: TestRepository, renamed: boolean): Promise<void> {
    const prefix = contextPrefix((await project(repository)).name).toLowerCase();
    const latest = await latestStatuses(repository);
    const desired = await projection(repository);
    // What was reported for a head stays when it is none any longer.
    const isPast = ({ commit, context, description }: CommitStatus) =>
      description.startsWith('Not built: ') &&
      !desired.some((other) => other.commit === commit && other.context.toLowerCase() === context.toLowerCase());
    const written = latest.filter((status) => status.context.toLowerCase().startsWith(prefix) && !isPast(status));
    const isWritten = ({ commit, context }: CommitStatus) =>
      written.some((other) => other.commit === commit && other.context.toLowerCase() === context.toLowerCase());
    expect(sorted(written)).toEqual(sorted(renamed ? desired.filter(isWritten) : desired));
    const underOldNames = latest.filter((status) => !written.includes(status) && !isPast(status));
    expect(underOldNames.filter(({ state }) => state === 'pending')).toEqual([]);
  }

  /**
   * Whatever the settings, a branch protection that requires the contexts of an open pull request is satisfied or not.
   */
  async function expectHeadsToEnd(repository: TestRepository): Promise<void> {
    const { name } = await project(repository);
    const latest = await latestStatuses(repository);
    for (const { commit } of await heads(repository)) {
      const contexts = latest.filter((status) => status.commit === commit).map(({ context }) => context.toLowerCase());
      const expected = ['build', 'preview', 'lint', 'links'].map((check) => `${contextPrefix(name)}${check}`);
      expect(contexts).toEqual(expect.arrayContaining(expected.map((context) => context.toLowerCase())));
    }
  }

  it('are the projection of the rows after every operation, and final once all builds and checks are (P7)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30, size: 'max' }), async (operations) => {
        const repository = await TestRepository.open(dataSource(), {
          rootFolder: 'docs',
          branchPreviews: { mode: 'all' },
        });
        let renamed = false;
        for (const next of operations) {
          await run(repository, next);
          renamed ||= next[0] === 'change';
          await expectProjected(repository, renamed);
        }
        await finishAll(repository);
        await expectProjected(repository, renamed);
        expect((await latestStatuses(repository)).filter(({ state }) => state === 'pending')).toEqual([]);
        await expectHeadsToEnd(repository);
      }),
      { numRuns: 20, interruptAfterTimeLimit: 60_000 },
    );
  }, 180_000);
});

function sorted(statuses: readonly CommitStatus[]): CommitStatus[] {
  const key = ({ commit, context }: CommitStatus) => `${commit} ${context.toLowerCase()}`;
  return statuses.toSorted((one, other) => key(one).localeCompare(key(other)));
}

async function unlessConflict(action: Promise<unknown>): Promise<void> {
  await action.catch((error: unknown) => {
    if (!isCoded(error) || error.code !== 'conflict') throw error;
  });
}
