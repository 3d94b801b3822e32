import { randomUUID } from 'node:crypto';
import { jobs, newId } from '@reunite/contracts';
import { shardOf } from '@reunite/deliveries';
import type { WorkerResources } from '../src/resources.js';
import type { RefUpdate } from '@reunite/testing';
import { insertConnection, insertRepository, ZERO_COMMIT } from '@reunite/testing';
import type { PullRequest, TestGhes } from './test-ghes.js';

export interface ProjectSettings {
  readonly rootFolder?: string;
  readonly branchPreviews?: 'all' | 'none';
  /** Default: `warn`. */
  readonly productionChecks?: 'block' | 'warn' | 'ignore';
  /** Default: the server of the test. */
  readonly origin?: string;
}

interface DeploymentRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

/** A project on the test's repository with its own connection, in rows as the API writes them. */
export class Project {
  readonly id = newId('project');

  private constructor(
    private readonly resources: WorkerResources,
    private readonly ghes: TestGhes,
    readonly connectionId: string = newId('connection'),
    readonly repositoryId: string = newId('repository'),
  ) {}

  static async connect(resources: WorkerResources, ghes: TestGhes, settings: ProjectSettings): Promise<Project> {
    const project = new Project(resources, ghes);
    const { connectionId, repositoryId: id } = project;
    await insertConnection(resources.dataSource, { id: connectionId, origin: settings.origin ?? ghes.origin });
    const { id: githubId, name } = ghes.repository;
    const { installationId } = ghes;
    await insertRepository(resources.dataSource, { id, connectionId, installationId, githubId, name });
    await project.insert(settings);
    return project;
  }

  /** Connects another project to the same repository, with previews of all branches. */
  async connectAnother(): Promise<Project> {
    const project = new Project(this.resources, this.ghes, this.connectionId, this.repositoryId);
    await project.insert({ branchPreviews: 'all' });
    return project;
  }

  private async insert({
    rootFolder = '',
    branchPreviews = 'none',
    productionChecks = 'warn',
  }: ProjectSettings): Promise<void> {
    await this.resources.dataSource.query(
      `INSERT INTO project (id, organization_id, repository_id, name, production_branch, root_folder, branch_previews,
         pull_request_previews, fork_previews, production_checks)
       VALUES ($1, 'org_1', $2, $1, 'main', $3, $4, true, false, $5)`,
      [this.id, this.repositoryId, rootFolder, { mode: branchPreviews }, productionChecks],
    );
  }

  /**
   * Stores a delivery in the inbox without a job.
   *
   * @returns the id of the delivery
   */
  async accept(event: string, payload: object): Promise<string> {
    const id = newId('delivery');
    const body = Buffer.from(JSON.stringify({ repository: this.ghes.repository, ...payload }));
    // One statement: a running worker would read a row without its payload as malformed.
    await this.resources.dataSource.query(
      `WITH delivery AS (
         INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size)
         VALUES ($1, $2, $3, $4, $1, $5, length($6::bytea))
       )
       INSERT INTO webhook_payload
       SELECT $1, part, substring($6::bytea FROM part * 8000 + 1 FOR 8000) FROM generate_series(0, length($6::bytea) / 8000) AS part`,
      [id, this.connectionId, shardOf(this.connectionId), randomUUID(), event, body],
    );
    return id;
  }

  /**
   * Stores a delivery in the inbox and enqueues its job.
   *
   * @returns the id of the delivery
   */
  async deliver(event: string, payload: object): Promise<string> {
    const deliveryId = await this.accept(event, payload);
    await this.wakeWorker();
    return deliveryId;
  }

  /** Enqueues the job for the deliveries of the connection. */
  async wakeWorker(): Promise<void> {
    await this.resources.producer.add(jobs.processInbox, { shard: shardOf(this.connectionId) });
  }

  deliverPush(moved: RefUpdate): Promise<string> {
    return this.deliver('push', pushPayload(moved));
  }

  async deliverPullRequest(action: string, pullRequest: PullRequest): Promise<string> {
    return this.deliver('pull_request', { action, number: pullRequest.number, pull_request: pullRequest });
  }

  async reconcile(): Promise<void> {
    await this.resources.producer.add(jobs.reconcileRepository, { repositoryId: this.repositoryId });
  }

  /** Returns the outcome of a delivery, or null while it is not processed. */
  async outcome(deliveryId: string): Promise<string | null> {
    const rows = await this.resources.dataSource.query<{ outcome: string | null }[]>(
      'SELECT outcome FROM webhook_delivery WHERE id = $1',
      [deliveryId],
    );
    return rows[0]?.outcome ?? null;
  }

  /** Returns the deployments of a commit, newest first. */
  deployments(commit: string): Promise<DeploymentRow[]> {
    return this.resources.dataSource.query(
      'SELECT id, state, reason FROM deployment WHERE project_id = $1 AND commit = $2 ORDER BY created_at DESC',
      [this.id, commit],
    );
  }

  async hasDeployed(commit: string, state = 'success'): Promise<boolean> {
    return (await this.deployments(commit))[0]?.state === state;
  }

  /** Returns the refs of current deployments, as `refs/heads/main <commit>`. */
  async current(): Promise<string[]> {
    const rows = await this.resources.dataSource.query<{ line: string }[]>(
      `SELECT ref_name || ' ' || commit AS line FROM deployment WHERE project_id = $1 AND current ORDER BY ref_name`,
      [this.id],
    );
    return rows.map(({ line }) => line);
  }

  /** Returns the synced commits of existing refs, as `refs/heads/main <commit>`. */
  async synced(): Promise<string[]> {
    const rows = await this.resources.dataSource.query<{ line: string }[]>(
      `SELECT name || ' ' || synced_commit AS line FROM git_ref WHERE repository_id = $1 AND synced_commit IS NOT NULL ORDER BY name`,
      [this.repositoryId],
    );
    return rows.map(({ line }) => line);
  }

  /** Returns the error of the last sync of main. */
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
    const rows = await this.resources.dataSource.query<{ line: string }[]>(
      `SELECT concat_ws(' ', level, file, message) AS line FROM deployment_log WHERE deployment_id = $1 ORDER BY sequence`,
      [deploymentId],
    );
    return rows.map(({ line }) => line);
  }
}

export function pushPayload({ ref, before, after }: RefUpdate) {
  const flags = { created: before === ZERO_COMMIT, deleted: after === ZERO_COMMIT, forced: false };
  return { ref, before, after, ...flags, pusher: { name: 'ada' } };
}
