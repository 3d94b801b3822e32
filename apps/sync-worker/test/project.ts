import { jobs, newId } from '@reunite/contracts';
import type { WorkerResources } from '../src/resources.js';
import type { GhesStandIn } from './ghes-stand-in.js';
import type { RefUpdate } from '@reunite/testing';
import { ZERO_COMMIT } from '@reunite/testing';

export interface ProjectSettings {
  readonly rootFolder?: string;
  readonly branchPreviews?: 'all' | 'none';
}

interface Deployed {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

const repository = { id: 7, name: 'docs', private: true, default_branch: 'main', owner: { login: 'acme' } };

/** A project on the server's `acme/docs`, over a connection of its own, in rows as the API writes them. */
export class Project {
  readonly id = newId('project');

  private constructor(
    private readonly resources: WorkerResources,
    private readonly ghes: GhesStandIn,
    readonly connectionId: string = newId('connection'),
    readonly repositoryId: string = newId('repository'),
  ) {}

  static async connect(resources: WorkerResources, ghes: GhesStandIn, settings: ProjectSettings): Promise<Project> {
    const project = new Project(resources, ghes);
    const { connectionId, repositoryId } = project;
    const insert = (sql: string, values: unknown[]) => resources.dataSource.query(`INSERT INTO ${sql}`, values);
    await insert(
      `connection (id, organization_id, name, origin, owner, status, created_by)
       VALUES ($1, 'org_1', $1, $2, 'acme', 'connected', 'ada')`,
      [connectionId, ghes.origin],
    );
    await insert(
      `repository (id, connection_id, installation_id, github_id, owner, name, default_branch, private)
       VALUES ($1, $2, 7, 7, 'acme', 'docs', 'main', true)`,
      [repositoryId, connectionId],
    );
    await project.insert(settings);
    return project;
  }

  /** Another project on the same repository, which wants every branch. */
  async connectAnother(): Promise<Project> {
    const project = new Project(this.resources, this.ghes, this.connectionId, this.repositoryId);
    await project.insert({ branchPreviews: 'all' });
    return project;
  }

  private async insert({ rootFolder = '', branchPreviews = 'none' }: ProjectSettings): Promise<void> {
    await this.resources.dataSource.query(
      `INSERT INTO project (id, organization_id, repository_id, name, production_branch, root_folder, branch_previews,
         pull_request_previews, fork_previews)
       VALUES ($1, 'org_1', $2, $1, 'main', $3, $4, true, false)`,
      [this.id, this.repositoryId, rootFolder, { mode: branchPreviews }],
    );
  }

  /** Accepts a delivery into the inbox. @returns its id */
  async accept(event: string, payload: object): Promise<string> {
    const id = newId('delivery');
    await this.resources.dataSource.query(
      'INSERT INTO delivery (id, connection_id, guid, event, body) VALUES ($1, $2, $1, $3, $4)',
      [id, this.connectionId, event, Buffer.from(JSON.stringify({ repository, ...payload }))],
    );
    return id;
  }

  async deliver(event: string, payload: object): Promise<string> {
    const deliveryId = await this.accept(event, payload);
    await this.resources.producer.add(jobs.processDelivery, { deliveryId });
    return deliveryId;
  }

  deliverPush(moved: RefUpdate): Promise<string> {
    return this.deliver('push', pushPayload(moved));
  }

  deliverPullRequest(action: string, number: number): Promise<string> {
    const found = this.ghes.pullRequests.find((pullRequest) => pullRequest.number === number);
    if (!found) throw new Error(`There is no pull request ${number}.`);
    return this.deliver('pull_request', { action, number, pull_request: this.ghes.describe(found) });
  }

  async reconcile(): Promise<void> {
    await this.resources.producer.add(jobs.reconcileRepository, { repositoryId: this.repositoryId });
  }

  /** What a delivery led to; null while it has led to nothing. */
  async outcome(deliveryId: string): Promise<string | null> {
    const rows = await this.resources.dataSource.query<{ outcome: string | null }[]>(
      'SELECT outcome FROM delivery WHERE id = $1',
      [deliveryId],
    );
    return rows[0]?.outcome ?? null;
  }

  /** Deployments of a commit, the newest first. */
  deployments(commit: string): Promise<Deployed[]> {
    return this.resources.dataSource.query(
      'SELECT id, state, reason FROM deployment WHERE project_id = $1 AND commit = $2 ORDER BY created_at DESC',
      [this.id, commit],
    );
  }

  async hasDeployed(commit: string, state = 'success'): Promise<boolean> {
    return (await this.deployments(commit))[0]?.state === state;
  }

  /** What is shown, as `refs/heads/main <commit>`. */
  async current(): Promise<string[]> {
    const rows = await this.resources.dataSource.query<{ said: string }[]>(
      `SELECT ref_name || ' ' || commit AS said FROM deployment WHERE project_id = $1 AND current ORDER BY ref_name`,
      [this.id],
    );
    return rows.map(({ said }) => said);
  }

  /** Heads of all refs that are not deleted, as they are synced. */
  async synced(): Promise<string[]> {
    const rows = await this.resources.dataSource.query<{ said: string }[]>(
      `SELECT name || ' ' || synced_commit AS said FROM git_ref WHERE repository_id = $1 AND synced_commit IS NOT NULL ORDER BY name`,
      [this.repositoryId],
    );
    return rows.map(({ said }) => said);
  }

  /** Why main was not synced. */
  async syncError(): Promise<string | null> {
    return (await this.main())?.error ?? null;
  }

  async main(): Promise<{ readonly id: string; readonly error: string | null } | undefined> {
    const rows = await this.resources.dataSource.query<{ id: string; error: string | null }[]>(
      `SELECT id, error FROM git_ref WHERE repository_id = $1 AND name = 'refs/heads/main'`,
      [this.repositoryId],
    );
    return rows[0];
  }

  async log(deploymentId: string): Promise<string[]> {
    const rows = await this.resources.dataSource.query<{ said: string }[]>(
      `SELECT concat_ws(' ', level, file, message) AS said FROM deployment_log WHERE deployment_id = $1 ORDER BY sequence`,
      [deploymentId],
    );
    return rows.map(({ said }) => said);
  }
}

export function pushPayload({ ref, before, after }: RefUpdate) {
  const flags = { created: before === ZERO_COMMIT, deleted: after === ZERO_COMMIT, forced: false };
  return { ref, before, after, ...flags, pusher: { name: 'ada' } };
}
