import { Inject, Injectable } from '@nestjs/common';
import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { jobs, NotFoundError } from '@reunite/contracts';
import type {
  FileSide,
  ForwardPage,
  ForwardPageQuery,
  PullRequestComments,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestFileContentQuery,
} from '@reunite/contracts';
import { commentProblem, deploymentOfHead } from '@reunite/deployments';
import type { ProjectEntity } from '@reunite/deployments';
import type { TreeEntry } from '@reunite/git-objects';
import type { PullRequestEntity } from '@reunite/pull-requests';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { CONTENT_STORE } from '../../content-store.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { cleanPath, kinds } from '../projects/content.service.js';
import { deploymentView } from '../deployments/deployment.view.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { readServerPage, toServerCursor } from '../paging.js';
import { readNumber, refsOf } from './pull-request.view.js';
import { PullRequestsService } from './pull-requests.service.js';
import { readShownFile } from '../shown-file.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** A server may take seconds to compute whether a pull request is mergeable. */
const PATIENCE_MS = 20_000;

interface Side {
  readonly commit: string;
  readonly tree: string | null;
}

/** Reads one pull request from the server. */
@Injectable()
export class PullRequestDetailsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    private readonly pullRequests: PullRequestsService,
    @Inject(CONTENT_STORE) private readonly store: ContentStore,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async get({ organizationId }: Caller, projectId: string, number: string | number): Promise<PullRequestDetail> {
    const project = await this.lookup.project(organizationId, projectId);
    const asked = { repositoryId: project.repositoryId, number: readNumber(number) };
    const detail = await this.requests.ask(jobs.readPullRequest, asked, PATIENCE_MS);
    const { pull, view } = await this.pullRequests.one(project, asked.number);
    return {
      pullRequest: view,
      ...detail,
      commentProblem: await commentProblem(this.dataSource.manager, { projectId: project.id, number: asked.number }),
      deployment: await this.deploymentOf(project, pull),
    };
  }

  /** @throws JobFailedError with code `conflict` if the head changed since the first page */
  async files(
    { organizationId }: Caller,
    projectId: string,
    number: string | number,
    query: ForwardPageQuery,
  ): Promise<ForwardPage<PullRequestFile>> {
    const project = await this.lookup.project(organizationId, projectId);
    const page = readServerPage(query);
    const asked = { repositoryId: project.repositoryId, number: readNumber(number), ...page };
    const { files, more, head } = await this.requests.ask(jobs.listPullRequestFiles, asked, PATIENCE_MS);
    const items = files.map((file) => ({
      ...file,
      inProject: isInside(file.path, project) || (file.previousPath !== null && isInside(file.previousPath, project)),
    }));
    return { items, endCursor: more ? toServerCursor({ ...page, page: page.page + 1, head }) : null };
  }

  async comments({ organizationId }: Caller, projectId: string, number: string | number): Promise<PullRequestComments> {
    const { repositoryId } = await this.lookup.project(organizationId, projectId);
    const asked = { repositoryId, number: readNumber(number) };
    return this.requests.ask(jobs.listPullRequestComments, asked, PATIENCE_MS);
  }

  /** @throws NotFoundError for files that the pull request does not change, and for files outside of the project */
  async content(
    { organizationId }: Caller,
    projectId: string,
    number: string | number,
    query: PullRequestFileContentQuery,
  ): Promise<PullRequestFileContent> {
    const project = await this.lookup.project(organizationId, projectId);
    const path = cleanPath(query.path);
    const previousPath = query.previousPath === undefined ? path : cleanPath(query.previousPath);
    const asked = { repositoryId: project.repositoryId, number: readNumber(number) };
    const sides = await this.requests.ask(jobs.fetchPullRequestContent, asked, PATIENCE_MS);
    const objects = this.store.repository(project.repositoryId);
    const [before, after] = await Promise.all([
      entryOf(objects, sides.before, previousPath),
      entryOf(objects, sides.after, path),
    ]);
    const isSynced = sides.before.tree !== null && sides.after.tree !== null;
    const isShown = isSynced
      ? await isChanged(objects, sides, { path, previousPath })
      : isInside(path, project) && isInside(previousPath, project);
    if (!isShown) throw new NotFoundError(`The pull request does not change "${path}".`);
    return {
      path,
      before: await sideView(objects, sides.before, before),
      after: await sideView(objects, sides.after, after),
    };
  }

  /**
   * A closed or merged pull request only has the deployment of its head: its branch may belong to another one by now.
   */
  private async deploymentOf({ id }: ProjectEntity, pull: PullRequestEntity) {
    const deployment = await deploymentOfHead(this.dataSource, {
      projectId: id,
      refs: refsOf(pull),
      head: pull.headCommit,
      onlyHead: pull.state !== 'open',
    });
    return deployment && deploymentView(deployment, this.settings.previewUrlTemplate);
  }
}

function isInside(path: string, { rootFolder }: ProjectEntity): boolean {
  return rootFolder === '' || path.startsWith(`${rootFolder}/`);
}

async function entryOf(objects: RepositoryObjects, { tree }: Side, path: string): Promise<TreeEntry | null> {
  const entry = tree === null ? null : await objects.readPath(tree, path);
  return entry?.mode === '040000' ? null : entry;
}

/**
 * Whether two snapshots differ at a path, also by a rename to or from it. Without this check a caller could read
 * unchanged files anywhere in the repository.
 */
async function isChanged(
  objects: RepositoryObjects,
  { before, after }: { before: Side; after: Side },
  { path, previousPath }: { path: string; previousPath: string },
): Promise<boolean> {
  const at = (side: Side, where: string) => entryOf(objects, side, where);
  const [came, went] = await Promise.all([
    Promise.all([at(before, path), at(after, path)]),
    Promise.all([at(before, previousPath), at(after, previousPath)]),
  ]);
  if (path === previousPath) return came[0]?.id !== came[1]?.id || came[0]?.mode !== came[1]?.mode;
  return !came[0] && came[1] !== null && went[0] !== null && !went[1];
}

async function sideView(
  objects: RepositoryObjects,
  { commit, tree }: Side,
  entry: TreeEntry | null,
): Promise<FileSide> {
  const nothing = { commit, text: null, bytes: null };
  if (tree === null) return { ...nothing, kind: 'not-synced' };
  const kind = entry && kinds[entry.mode];
  if (!entry || !kind || kind === 'folder') return { ...nothing, kind: 'absent' };
  // The commit of a submodule is in another repository.
  if (kind === 'submodule') return { ...nothing, kind };
  const { text, bytes } = await readShownFile(objects, entry.id);
  return { commit, kind, text, bytes };
}
