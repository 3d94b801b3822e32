import { newId } from '@reunite/contracts';
import type { Environment, JobDefinition } from '@reunite/contracts';
import { mirrorPullRequest } from '@reunite/pull-requests';
import { branchRef, pullRequestRef } from '@reunite/repositories';
import { insertRepository } from '@reunite/testing';
import { UnitOfWork } from '@reunite/unit-of-work';
import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import type { promote } from '../src/lifecycle/deployment-actions.js';
import { finishDeployment, startDeployment } from '../src/lifecycle/deployment-run.js';
import type { BuildOutcome, StartedDeployment } from '../src/lifecycle/deployment-run.js';
import { DeploymentEntity } from '../src/lifecycle/deployment.entity.js';
import { planDeployments, reportHead } from '../src/planning/deployment-plan.js';
import { changeProject } from '../src/project/project-settings.js';
import type { ProjectSettings } from '../src/project/project-settings.js';
import { ProjectEntity } from '../src/project/project.entity.js';
import type { DeploymentWork } from '../src/statuses/deployment-unit-of-work.js';

export const links = {
  deploymentPage: (id: string) => `https://console.example.com/${id}`,
  preview: (id: string) => `https://${id}.preview.example.com/`,
};

type Content = NonNullable<Parameters<typeof planDeployments>[1]['content']>;

interface TestRef {
  readonly generation: number;
  readonly content: Content | null;
}

/**
 * A repository with its projects on a real database. Its changes are planned as the worker does. Trees are written as
 * `docs=1,api=2`: folders with their content.
 */
export class TestRepository {
  readonly repositoryId = newId('repository');
  /** Jobs that were enqueued by the latest unit of work, with their payloads. */
  enqueued: { readonly job: string; readonly payload: unknown }[] = [];
  /** Deployments whose files were removed. */
  readonly removedArtifacts: string[] = [];
  private readonly refs = new Map<string, TestRef>();
  private readonly openPulls = new Map<number, { readonly branch: string; readonly fork: boolean; commit: string }>();
  private minute = 0;

  private constructor(readonly dataSource: DataSource) {}

  static async open(dataSource: DataSource, ...projects: Partial<ProjectEntity>[]): Promise<TestRepository> {
    const repository = new TestRepository(dataSource);
    await insertRepository(dataSource, { id: repository.repositoryId });
    for (const settings of projects) await repository.addProject(settings);
    return repository;
  }

  async addProject(settings: Partial<ProjectEntity>): Promise<void> {
    const id = newId('project');
    await this.dataSource.getRepository(ProjectEntity).insert({
      organizationId: id,
      name: 'Docs',
      productionBranch: 'main',
      rootFolder: '',
      branchPreviews: { mode: 'none' },
      pullRequestPreviews: true,
      forkPreviews: false,
      ...settings,
      id,
      repositoryId: this.repositoryId,
    });
  }

  /** Runs an operation as services do, and records its follow-up jobs. */
  run<Result>(operation: (work: DeploymentWork) => Promise<Result>): Promise<Result> {
    const enqueued: typeof this.enqueued = [];
    this.enqueued = enqueued;
    const producer = {
      addMany: (job: JobDefinition, payloads: readonly unknown[]) => {
        enqueued.push(...payloads.map((payload) => ({ job: job.name, payload })));
        return Promise.resolve();
      },
    };
    const unitOfWork = new UnitOfWork(this.dataSource, producer, { warn: (line: unknown) => failOn(line) });
    return unitOfWork.run({ repositoryId: this.repositoryId }, (work) => operation({ ...work, links }));
  }

  /** Syncs a branch to a commit. An open pull request of the branch follows. */
  async push(branch: string, commit: string, tree = `docs=${commit}`): Promise<void> {
    await this.sync(branchRef(branch), { commit, tree });
    for (const [number, open] of this.openPulls) {
      if (!open.fork && open.branch === branch) await this.pullRequest(number, branch, 'open');
    }
  }

  /** Syncs a branch to a commit, and builds all that is queued. */
  async deploy(branch: string, commit: string, tree?: string): Promise<void> {
    await this.push(branch, commit, tree);
    await this.build();
  }

  has(branch: string): boolean {
    return (this.refs.get(branchRef(branch))?.content ?? null) !== null;
  }

  /** Deletes a branch. */
  remove(branch: string): Promise<void> {
    return this.sync(branchRef(branch), null);
  }

  /** Syncs the head of a pull request from a fork. */
  pushFork(number: number, commit: string): Promise<void> {
    return this.sync(pullRequestRef(number), { commit, tree: `docs=${commit}` });
  }

  async pullRequest(number: number, headBranch: string, state: 'open' | 'closed', fork = false): Promise<void> {
    this.minute += 1;
    const headCommit = this.refs.get(fork ? pullRequestRef(number) : branchRef(headBranch))?.content?.commit ?? 'h';
    if (state === 'open') this.openPulls.set(number, { branch: headBranch, fork, commit: headCommit });
    else this.openPulls.delete(number);
    const described = {
      repositoryId: this.repositoryId,
      number,
      title: 'T',
      state,
      draft: false,
      author: 'ada',
      headBranch,
      fork,
      headCommit,
      baseBranch: 'main',
      htmlUrl: 'u',
      updatedAt: new Date(this.minute * 60_000),
    };
    await this.dataSource.transaction((db) => mirrorPullRequest(db, described, 'response'));
    await this.plan(fork ? pullRequestRef(number) : branchRef(headBranch));
    await this.reportHeads();
  }

  /** Plans for a ref as it is, or as it was at an earlier generation. */
  async plan(name: string, earlier?: TestRef, trigger?: 'settings'): Promise<void> {
    const ref = earlier ?? this.refs.get(name);
    if (!ref) return;
    const { repositoryId } = this;
    const settings = {
      folderTree: (rootTree: string, folder: string) => Promise.resolve(folderTree(rootTree, folder)),
      removeArtifacts: (id: string) => Promise.resolve(void this.removedArtifacts.push(id)),
      ...(trigger && { trigger }),
    };
    await this.run((work) => planDeployments(work, { repositoryId, name, ...ref }, settings));
  }

  async planAll(trigger?: 'settings'): Promise<void> {
    for (const name of this.refs.keys()) await this.plan(name, undefined, trigger);
  }

  /** Changes the settings of the first project, and plans all refs by them. */
  async change(settings: Partial<ProjectSettings>): Promise<void> {
    const [id = ''] = await this.projectIds();
    await this.run((work) => changeProject(work, id, settings));
    await this.planAll('settings');
    await this.reportHeads();
  }

  private async reportHeads(): Promise<void> {
    for (const { commit } of this.openPulls.values()) {
      await this.run((work) => reportHead(work, this.repositoryId, commit));
    }
  }

  /** Runs an action of Grace on the newest deployment of a commit. */
  async act(
    action: typeof promote,
    commit: string,
    environment: Environment = 'production',
  ): Promise<DeploymentEntity> {
    const { id } = await this.dataSource.getRepository(DeploymentEntity).findOneOrFail({
      where: { projectId: In(await this.projectIds()), commit, environment },
      order: { id: 'DESC' },
    });
    return this.run((work) => action(work, id, { subject: 'usr_grace', name: 'Grace' }));
  }

  async start(): Promise<StartedDeployment[]> {
    const where = { state: 'queued' as const, projectId: In(await this.projectIds()) };
    const queued = await this.dataSource.getRepository(DeploymentEntity).find({ where, order: { id: 'ASC' } });
    const started: StartedDeployment[] = [];
    for (const { id } of queued) {
      const build = await this.run((work) => startDeployment(work, id));
      if (build) started.push(build);
    }
    return started;
  }

  finish(
    { deployment }: StartedDeployment,
    outcome: BuildOutcome = { state: 'success', pages: 2, bytes: 1_000 },
  ): Promise<boolean> {
    return this.run((work) => finishDeployment(work, deployment.id, outcome));
  }

  /** Builds all that is queued. */
  async build(outcome?: BuildOutcome): Promise<void> {
    for (const started of await this.start()) await this.finish(started, outcome);
  }

  /** Deployments from the oldest, as `production c1 success current`; with several projects, prefixed by the name. */
  async deployments(): Promise<string[]> {
    return this.texts(
      `SELECT concat_ws(' ', CASE WHEN several THEN name END, environment, commit, state,
         CASE WHEN current THEN 'current' END) AS text
       FROM deployment JOIN (
         SELECT id, name, count(*) OVER () > 1 AS several FROM project WHERE repository_id = $1
       ) project ON project.id = project_id ORDER BY created_at, name`,
    );
  }

  /** Statuses of builds and previews in the outbox, as `c1 Reunite (Docs): build pending`; without checks. */
  async statuses(): Promise<string[]> {
    return this.texts(
      `SELECT concat_ws(' ', commit, context, state) AS text FROM commit_status
       WHERE repository_id = $1 AND context ~ ': (build|preview)$' ORDER BY sequence`,
    );
  }

  /** The latest status of each context of a commit, with checks, as `build success: 2 pages built`. */
  async latestStatuses(commit: string): Promise<string[]> {
    return this.texts(
      `SELECT DISTINCT ON (context) format('%s %s: %s', split_part(context, ': ', 2), state, description) AS text
       FROM commit_status WHERE repository_id = $1 AND commit = $2 ORDER BY context, sequence DESC`,
      commit,
    );
  }

  private async texts(sql: string, ...parameters: string[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ text: string }[]>(sql, [this.repositoryId, ...parameters]);
    return rows.map(({ text }) => text);
  }

  private async sync(name: string, content: Content | null): Promise<void> {
    this.refs.set(name, { generation: (this.refs.get(name)?.generation ?? 0) + 1, content });
    await this.plan(name);
  }

  private async projectIds(): Promise<string[]> {
    const projects = await this.dataSource
      .getRepository(ProjectEntity)
      .find({ where: { repositoryId: this.repositoryId }, order: { id: 'ASC' } });
    return projects.map(({ id }) => id);
  }
}

function folderTree(rootTree: string, folder: string): string | null {
  if (folder === '') return rootTree;
  const folders = new Map(rootTree.split(',').map((entry) => entry.split('=') as [string, string]));
  return folders.get(folder) ?? null;
}

function failOn(line: unknown): never {
  throw new Error(`Unexpected warning: ${JSON.stringify(line)}`);
}
