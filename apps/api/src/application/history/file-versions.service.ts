import { Injectable } from '@nestjs/common';
import { InvalidInputError, isCoded, jobs } from '@reunite/contracts';
import type { FileVersion, FileVersionQuery, ForwardPage } from '@reunite/contracts';
import { DeploymentEntity } from '@reunite/deployments';
import type { ProjectEntity } from '@reunite/deployments';
import { branchRef } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { readServerPage, toServerCursor } from '../paging.js';
import { cleanPath, pathInRepository } from '../projects/content.service.js';
import { SnapshotsService } from '../projects/snapshots.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

const PATIENCE_MS = 20_000;

/** Deployments that are searched for versions while the server does not answer. */
const MAX_SNAPSHOTS = 200;

/** The history of a file or folder. */
@Injectable()
export class FileVersionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    private readonly snapshots: SnapshotsService,
  ) {}

  /**
   * Lists versions as the server does, from the synced commit of the branch. If the server does not answer, the first page
   * has the versions in the snapshots of the branch's deployments, and there is no other.
   */
  async list(
    { organizationId }: Caller,
    projectId: string,
    query: FileVersionQuery,
  ): Promise<ForwardPage<FileVersion>> {
    const project = await this.lookup.project(organizationId, projectId);
    const path = cleanPath(query.path);
    const page = readServerPage(query);
    const branch = query.branch ?? project.productionBranch;
    const head = page.head ?? (await this.snapshots.ofBranch(project, branch)).commit;
    // A cursor names a commit, which could be one of a fork that the caller may not read.
    if (!(await this.snapshots.objects(project).hasSnapshot(head))) {
      const message = 'The branch has moved on. Request the first page again.';
      throw new InvalidInputError(message, [{ path: 'after', message }]);
    }
    const { repositoryId } = project;
    const { limit } = page;
    const asked = { repositoryId, commit: head, path: pathInRepository(project, path), page: page.page, limit };
    try {
      const { versions, more } = await this.requests.ask(jobs.listFileVersions, asked, PATIENCE_MS);
      const next = toServerCursor({ page: page.page + 1, limit, head });
      return { items: await this.withStored(project, versions), endCursor: more ? next : null };
    } catch (error) {
      if (page.page > 1 || !isCoded(error) || !error.retryable) throw error;
      return { items: await this.ofSnapshots(project, branch, path, limit), endCursor: null };
    }
  }

  private async withStored(
    project: ProjectEntity,
    versions: readonly Omit<FileVersion, 'stored'>[],
  ): Promise<FileVersion[]> {
    const objects = this.snapshots.objects(project);
    return Promise.all(
      versions.map(async (version) => ({ ...version, stored: await objects.hasSnapshot(version.commit) })),
    );
  }

  /** The oldest snapshot of each content, newest first. */
  private async ofSnapshots(
    project: ProjectEntity,
    branch: string,
    path: string,
    limit: number,
  ): Promise<FileVersion[]> {
    const objects = this.snapshots.objects(project);
    const deployments = await this.dataSource.manager.find(DeploymentEntity, {
      select: { id: true, commit: true, tree: true },
      where: { projectId: project.id, refName: branchRef(branch) },
      order: { id: 'DESC' },
      take: MAX_SNAPSHOTS,
    });
    const versions = new Map<string, string>();
    for (const { commit, tree } of deployments) {
      if (!(await objects.hasSnapshot(commit))) continue;
      // The tree of a deployment is the one of the root folder.
      const id = path === '' ? tree : (await objects.readPath(tree, path))?.id;
      if (id !== undefined) versions.set(id, commit);
    }
    return Promise.all(
      [...versions.values()].slice(0, limit).map(async (commit) => {
        const { message, author } = await objects.readCommit(commit);
        const authoredAt = author.date.toISOString();
        return { commit, message, author: author.name, authoredAt, htmlUrl: null, stored: true };
      }),
    );
  }
}
