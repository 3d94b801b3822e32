import { Inject, Injectable } from '@nestjs/common';
import { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { assertQuota } from '@reunite/database';
import type { Branch, CreateProject, Page, PageQuery, Project, UpdateProject } from '@reunite/contracts';
import {
  changeProject,
  createProject,
  deleteProject,
  DeploymentEntity,
  DeploymentUnitOfWork,
  previewUrl,
  ProjectEntity,
} from '@reunite/deployments';
import { branchOfRef, branchRef, GitRefEntity, RepositoryEntity } from '@reunite/repositories';
import { DataSource, In, IsNull, Not } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { mapPage, newestFirst } from '../paging.js';
import { assertVersion } from '../precondition.error.js';
import type { ExpectedVersion } from '../precondition.error.js';
import { projectView } from './project.view.js';
import type { ProjectParts } from './project.view.js';
import { assertAvailable } from '../repositories/repositories.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { orNameConflict } from '../unique-violation.js';

/** Connected repositories. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: DeploymentUnitOfWork,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async list({ organizationId }: Caller, page: PageQuery): Promise<Page<Project>> {
    const query = this.dataSource
      .createQueryBuilder(ProjectEntity, 'project')
      .where('project.organizationId = :organizationId', { organizationId });
    const projects = await newestFirst(query, page);
    const partsOf = await this.partsOf(projects.items);
    return mapPage(projects, (project) => projectView(project, partsOf(project)));
  }

  async get({ organizationId }: Caller, id: string): Promise<Project> {
    return this.viewOf(await this.lookup.project(organizationId, id));
  }

  /**
   * Connects a repository and deploys it.
   *
   * @throws QuotaExceededError
   */
  async create(caller: Caller, { repositoryId, ...settings }: CreateProject): Promise<Project> {
    const { organizationId } = caller;
    const repository = await this.lookup.repository(organizationId, repositoryId);
    assertAvailable(repository);
    const insert = this.unitOfWork.run({ repositoryId: repository.id }, async (work) => {
      await assertQuota(work.db, organizationId, {
        entity: ProjectEntity,
        limit: this.settings.quotas.projects,
        what: 'projects',
        setting: 'MAX_PROJECTS_PER_ORGANIZATION',
      });
      return createProject(work, { ...settings, organizationId, repositoryId: repository.id });
    });
    return this.get(caller, await orNameConflict(insert, nameTaken(settings.name)));
  }

  /** Changes settings, and deploys what they newly include. Deployments that they no longer include are removed. @throws PreconditionFailedError */
  async update(caller: Caller, id: string, change: UpdateProject, expected: ExpectedVersion): Promise<Project> {
    const { id: projectId, settingsGeneration } = await this.lookup.project(caller.organizationId, id);
    assertVersion(expected, settingsGeneration);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    if (Object.keys(given).length === 0) return this.get(caller, id);
    const update = this.unitOfWork.run({ projectId }, async (work) => {
      const current = await work.db.findOneByOrFail(ProjectEntity, { id: projectId });
      assertVersion(expected, current.settingsGeneration);
      await changeProject(work, projectId, given);
    });
    await orNameConflict(update, nameTaken(change.name ?? ''));
    return this.get(caller, id);
  }

  async delete({ organizationId }: Caller, id: string): Promise<void> {
    const { id: projectId } = await this.lookup.project(organizationId, id);
    await this.unitOfWork.run({ projectId }, (work) => deleteProject(work, projectId));
  }

  /** Enqueues a comparison of every branch with the server, or a refresh of the connection if it is out of reach. */
  async sync({ organizationId }: Caller, id: string): Promise<void> {
    const { repositoryId } = await this.lookup.project(organizationId, id);
    const { available, connectionId } = await this.lookup.repository(organizationId, repositoryId);
    if (available) await this.requests.add(jobs.reconcileRepository, { repositoryId });
    else await this.requests.add(jobs.refreshConnection, { connectionId });
  }

  /** The branches whose content is synced. */
  async branches({ organizationId }: Caller, id: string): Promise<Branch[]> {
    const { repositoryId } = await this.lookup.project(organizationId, id);
    const synced = { repositoryId, syncedCommit: Not(IsNull()), desiredDeleted: false };
    const refs = await this.dataSource.manager.find(GitRefEntity, { where: synced, order: { name: 'ASC' } });
    return refs.flatMap((ref) => {
      const name = branchOfRef(ref.name);
      return name === null || ref.syncedCommit === null ? [] : [{ name, commit: ref.syncedCommit }];
    });
  }

  private async viewOf(project: ProjectEntity): Promise<Project> {
    return projectView(project, (await this.partsOf([project]))(project));
  }

  /** Four queries for any number of projects. */
  private async partsOf(projects: readonly ProjectEntity[]): Promise<(project: ProjectEntity) => ProjectParts> {
    const db = this.dataSource.manager;
    const repositoryIds = In(projects.map(({ repositoryId }) => repositoryId));
    const names = In(projects.map(({ productionBranch }) => branchRef(productionBranch)));
    const shown = { projectId: In(projects.map(({ id }) => id)), environment: 'production', current: true } as const;
    const [repositories, refs, deployments] = await Promise.all([
      db.findBy(RepositoryEntity, { id: repositoryIds }),
      db.findBy(GitRefEntity, { repositoryId: repositoryIds, name: names }),
      db.find(DeploymentEntity, { where: shown, select: { id: true, projectId: true } }),
    ]);
    const connectionIds = In([...new Set(repositories.map(({ connectionId }) => connectionId))]);
    const connections = await db.findBy(ConnectionEntity, { id: connectionIds });
    const connectionOf = new Map(connections.map((connection) => [connection.id, connection]));
    const byId = new Map(repositories.map((repository) => [repository.id, repository]));
    const byName = new Map(refs.map((ref) => [`${ref.repositoryId} ${ref.name}`, ref]));
    const live = new Set(deployments.map(({ projectId }) => projectId));
    return ({ id, repositoryId, productionBranch }) => {
      const repository = byId.get(repositoryId);
      const connection = repository && connectionOf.get(repository.connectionId);
      if (!connection) throw new Error(`Project ${id} has no repository.`);
      const ref = byName.get(`${repositoryId} ${branchRef(productionBranch)}`) ?? null;
      const productionUrl = live.has(id) ? previewUrl(this.settings.previewUrlTemplate, id) : null;
      return { repository, connection, ref, productionUrl };
    };
  }
}

const nameTaken = (name: string) => `Your organization already has a project called "${name}".`;
