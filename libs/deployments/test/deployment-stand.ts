import { newId } from '@reunite/contracts';
import type { Environment } from '@reunite/contracts';
import { mirrorPullRequest } from '@reunite/pull-requests';
import { branchRef, pullRequestRef } from '@reunite/repositories';
import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import type { promote } from '../src/lifecycle/deployment-actions.js';
import { planDeployments } from '../src/planning/deployment-plan.js';
import type { DeploymentEffects } from '../src/planning/deployment-plan.js';
import { finishDeployment, startDeployment } from '../src/lifecycle/deployment-run.js';
import type { BuildOutcome, StartedDeployment } from '../src/lifecycle/deployment-run.js';
import { DeploymentEntity } from '../src/lifecycle/deployment.entity.js';
import { changeProject } from '../src/project/project-settings.js';
import type { ProjectSettings } from '../src/project/project-settings.js';
import { ProjectEntity } from '../src/project/project.entity.js';

export const addresses = {
  deploymentPage: (id: string) => `https://console.example.com/${id}`,
  previewUrl: (id: string) => `https://${id}.preview.example.com/`,
};

type Content = NonNullable<Parameters<typeof planDeployments>[1]['content']>;

/**
 * A repository with its projects on a real database. What happens to it is planned as the worker does; trees are written
 * as `docs=1,api=2`: folders with what is in them.
 */
export class DeploymentStand {
  readonly repositoryId = newId('repository');
  /** Of the last step. */
  effects: DeploymentEffects = { builds: [], statuses: [], removed: [] };
  private readonly refs = new Map<string, { generation: number; content: Content | null }>();
  private minute = 0;

  private constructor(readonly dataSource: DataSource) {}

  static async open(dataSource: DataSource, ...projects: Partial<ProjectEntity>[]): Promise<DeploymentStand> {
    const stand = new DeploymentStand(dataSource);
    const { repositoryId } = stand;
    await dataSource.query(
      `WITH made AS (INSERT INTO connection (id, organization_id, name, origin, owner, status, created_by)
         VALUES ($1, 'org_1', $1, 'https://ghes.example.com', 'acme', 'connected', 'ada') RETURNING id)
       INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name, default_branch, private)
       SELECT $2, id, 7, 7, 'acme', 'docs', 'main', true FROM made`,
      [newId('connection'), repositoryId],
    );
    for (const own of projects) await stand.addProject(own);
    return stand;
  }

  async addProject(own: Partial<ProjectEntity>): Promise<void> {
    const id = newId('project');
    const policy = { branchPreviews: { mode: 'none' }, pullRequestPreviews: true, forkPreviews: false } as const;
    const settings = { organizationId: id, name: 'Docs', productionBranch: 'main', rootFolder: '', ...policy };
    const { repositoryId } = this;
    await this.dataSource.getRepository(ProjectEntity).insert({ ...settings, ...own, id, repositoryId });
  }

  /** The branch was synced to a commit. */
  push(branch: string, commit: string, tree = `docs=${commit}`): Promise<void> {
    return this.synced(branchRef(branch), { commit, tree });
  }

  /** The branch was synced to a commit, and what is queued by that is built. */
  async deploy(branch: string, commit: string, tree?: string): Promise<void> {
    await this.push(branch, commit, tree);
    await this.build();
  }

  remove(branch: string): Promise<void> {
    return this.synced(branchRef(branch), null);
  }

  /** The head of a pull request that comes from a fork was synced. */
  pushFork(number: number, commit: string): Promise<void> {
    return this.synced(pullRequestRef(number), { commit, tree: `docs=${commit}` });
  }

  async pullRequest(number: number, headBranch: string, state: 'open' | 'closed', fork = false): Promise<void> {
    this.minute += 1;
    const described = {
      ...{ repositoryId: this.repositoryId, number, title: 'T', state, draft: false, author: 'ada', headBranch, fork },
      ...{ headCommit: 'h', baseBranch: 'main', htmlUrl: 'u', updatedAt: new Date(this.minute * 60_000) },
    };
    await this.dataSource.transaction((db) => mirrorPullRequest(db, described, 'answered'));
    await this.plan(fork ? pullRequestRef(number) : branchRef(headBranch));
  }

  /** Plans for a ref as it stands, or as it stood at an earlier generation. */
  async plan(
    name: string,
    stood?: { generation: number; content: Content | null },
    trigger?: 'settings',
  ): Promise<void> {
    const ref = stood ?? this.refs.get(name);
    if (!ref) return;
    const folderTree = (root: string, folder: string) => {
      const content = new Map(root.split(',').map((entry) => entry.split('=') as [string, string])).get(folder);
      return Promise.resolve(folder === '' ? root : (content ?? null));
    };
    const { repositoryId } = this;
    this.effects = await this.dataSource.transaction((db) =>
      planDeployments(db, { repositoryId, name, ...ref }, { ...addresses, folderTree, ...(trigger && { trigger }) }),
    );
  }

  async planAll(trigger?: 'settings'): Promise<void> {
    for (const name of this.refs.keys()) await this.plan(name, undefined, trigger);
  }

  /** Somebody changes the settings of the first project, and all refs are planned by them. */
  async change(settings: Partial<ProjectSettings>): Promise<void> {
    const [id = ''] = await this.projectIds();
    await this.dataSource.transaction((db) => changeProject(db, id, settings, []));
    await this.planAll('settings');
  }

  /** Grace does something with the newest deployment of a commit. */
  async act(
    action: typeof promote,
    commit: string,
    environment: Environment = 'production',
  ): Promise<DeploymentEntity> {
    const { id } = await this.dataSource.getRepository(DeploymentEntity).findOneOrFail({
      where: { projectId: In(await this.projectIds()), commit, environment },
      order: { id: 'DESC' },
    });
    const asked = { actor: { subject: 'usr_grace', name: 'Grace' }, addresses, statuses: [] };
    return this.dataSource.transaction((db) => action(db, id, asked));
  }

  async start(): Promise<StartedDeployment[]> {
    const where = { state: 'queued' as const, projectId: In(await this.projectIds()) };
    const queued = await this.dataSource.getRepository(DeploymentEntity).find({ where, order: { id: 'ASC' } });
    const started: StartedDeployment[] = [];
    for (const { id } of queued) {
      const run = await this.dataSource.transaction((db) => startDeployment(db, id));
      if (run) started.push(run);
    }
    return started;
  }

  finish(run: StartedDeployment, outcome: BuildOutcome = { state: 'success', pages: 2 }): Promise<boolean> {
    return this.dataSource.transaction((db) => finishDeployment(db, run, outcome, { addresses, statuses: [] }));
  }

  /** Builds all that is queued. */
  async build(outcome?: BuildOutcome): Promise<void> {
    for (const run of await this.start()) await this.finish(run, outcome);
  }

  /** Deployments from the oldest, as `production c1 success current`; with several projects, each after its name. */
  async deployments(): Promise<string[]> {
    const rows = await this.dataSource.query<{ said: string }[]>(
      `SELECT concat_ws(' ', CASE WHEN several THEN name END, environment, commit, state, CASE WHEN current THEN 'current' END) AS said
       FROM deployment JOIN (
         SELECT id, name, count(*) OVER () > 1 AS several FROM project WHERE repository_id = $1
       ) project ON project.id = project_id ORDER BY created_at, name`,
      [this.repositoryId],
    );
    return rows.map(({ said }) => said);
  }

  /** What is said of builds and previews, as `c1 Reunite (Docs): build pending`; checks have their own tests. */
  async statuses(): Promise<string[]> {
    const rows = await this.dataSource.query<{ said: string }[]>(
      `SELECT concat_ws(' ', commit, context, state) AS said FROM commit_status
       WHERE repository_id = $1 AND context ~ ': (build|preview)$' ORDER BY sequence`,
      [this.repositoryId],
    );
    return rows.map(({ said }) => said);
  }

  /** What the server shows of a commit in the end, checks too, as `build success: 2 pages built`. */
  async lastWords(commit: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ said: string }[]>(
      `SELECT DISTINCT ON (context) format('%s %s: %s', split_part(context, ': ', 2), state, description) AS said
       FROM commit_status WHERE repository_id = $1 AND commit = $2 ORDER BY context, sequence DESC`,
      [this.repositoryId, commit],
    );
    return rows.map(({ said }) => said);
  }

  private async synced(name: string, content: Content | null): Promise<void> {
    this.refs.set(name, { generation: (this.refs.get(name)?.generation ?? 0) + 1, content });
    await this.plan(name);
  }

  private async projectIds(): Promise<string[]> {
    const projects = await this.dataSource.getRepository(ProjectEntity).findBy({ repositoryId: this.repositoryId });
    return projects.map(({ id }) => id);
  }
}
