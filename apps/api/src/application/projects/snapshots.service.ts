import { Inject, Injectable } from '@nestjs/common';
import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { jobs, NotFoundError } from '@reunite/contracts';
import type { ProjectEntity } from '@reunite/deployments';
import { isTreeMode } from '@reunite/git-objects';
import { branchRef, GitRefEntity } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import { CONTENT_STORE } from '../../content-store.js';
import { JobRequests } from '../jobs/job-requests.service.js';

/** A snapshot that is not stored is fetched from the server. */
const FETCH_TIMEOUT_MS = 30_000;

/** The files of a commit. */
export interface Snapshot {
  readonly commit: string;
  /** Root tree of the repository. */
  readonly tree: string;
}

/** Finds the snapshots of a project's repository. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: JobRequests,
    @Inject(CONTENT_STORE) private readonly store: ContentStore,
  ) {}

  objects({ repositoryId }: ProjectEntity): RepositoryObjects {
    return this.store.repository(repositoryId);
  }

  /** The snapshot of a branch as it was last synced. @throws NotFoundError */
  async ofBranch({ repositoryId }: ProjectEntity, branch: string): Promise<Snapshot> {
    const ref = await this.dataSource.manager.findOneBy(GitRefEntity, { repositoryId, name: branchRef(branch) });
    const { syncedCommit: commit, syncedTree: tree } = ref ?? { syncedCommit: null, syncedTree: null };
    if (commit === null || tree === null) throw new NotFoundError(`Branch "${branch}" is not synced.`);
    return { commit, tree };
  }

  /** The snapshot of a commit. It is fetched if it is not stored and the branch contains it. @throws NotFoundError */
  async ofCommit(project: ProjectEntity, branch: string, commit: string): Promise<Snapshot> {
    const objects = this.objects(project);
    if (await objects.hasSnapshot(commit)) return { commit, tree: (await objects.readCommit(commit)).tree };
    const { repositoryId } = project;
    const { commit: head } = await this.ofBranch(project, branch);
    const asked = { repositoryId, refName: branchRef(branch), head, commit };
    const { tree } = await this.requests.ask(jobs.fetchSnapshot, asked, FETCH_TIMEOUT_MS);
    if (tree === null) throw new NotFoundError(`Branch "${branch}" has no commit ${commit}.`);
    return { commit, tree };
  }

  /** The tree of the project's root folder in a snapshot. Returns null if the snapshot has no such folder. */
  async rootFolder(project: ProjectEntity, { tree }: Snapshot): Promise<string | null> {
    if (project.rootFolder === '') return tree;
    const entry = await this.objects(project).readPath(tree, project.rootFolder);
    return entry && isTreeMode(entry.mode) ? entry.id : null;
  }
}
