import { infiniteQueryOptions, queryOptions, skipToken } from '@tanstack/react-query';
import type { ApiPath, ApiResponse } from '@reunite/api-client';
import type { ForwardPage, Project } from '@reunite/contracts';
import { get } from './client.js';
import type { ResourceKey } from './live-invalidation.js';
import type { ResourceKind, Subject } from './live.rules.js';
import { readLocalUsers } from './local-sign-in.js';
import { keyOf, paths, withQuery } from './paths.js';
import type { Address } from './paths.js';

/** Options of a query for one object. It does not run while `address` is null. */
function one<Path extends ApiPath>(kind: ResourceKind, subject: Subject, address: Address<Path> | null) {
  const queryKey: ResourceKey = [kind, address === null ? '' : keyOf(address)];
  return queryOptions({
    queryKey,
    meta: { ...subject },
    queryFn: address === null ? skipToken : ({ signal }): Promise<ApiResponse<Path, 'get'>> => get(address, signal),
  });
}

type ItemOf<Path extends ApiPath> = ApiResponse<Path, 'get'> extends ForwardPage<infer Item> ? Item : never;

/** Options of a query for a cursor-paged list. Its data is one page with the items of all loaded pages. */
function list<Path extends ApiPath>(kind: ResourceKind, subject: Subject, address: Address<Path>) {
  const queryKey: ResourceKey = [kind, keyOf(address)];
  return infiniteQueryOptions({
    queryKey,
    meta: { ...subject },
    queryFn: ({ pageParam, signal }) =>
      get(withQuery(address, { after: pageParam }), signal) as Promise<unknown> as Promise<ForwardPage<ItemOf<Path>>>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ endCursor }) => endCursor ?? undefined,
    select: ({ pages }): ForwardPage<ItemOf<Path>> => ({
      items: pages.flatMap(({ items }) => items),
      endCursor: pages.at(-1)?.endCursor ?? null,
    }),
  });
}

/** The API's largest page, for choices among providers: an organization has few. */
const ALL = 100;

/** Deployments of a project that an overview looks at. */
const OVERVIEW = 25;

type Filter = Readonly<Record<string, string>>;
type Source = Pick<Project, 'id' | 'repositoryId'>;

function sourceOf({ id, repositoryId }: Source): Subject {
  return { projectId: id, repositoryId };
}

const localUsersOptions = queryOptions({
  queryKey: ['local-users', ''] satisfies ResourceKey,
  queryFn: ({ signal }) => readLocalUsers(signal),
});

/** The responses of the API, with the kind and the ids by which live events invalidate them. */
export const queries = {
  session: () => one('session', {}, paths.session),
  signInAddress: () => one('sign-in-address', {}, paths.signInAddress),
  localUsers: () => localUsersOptions,
  appSettings: () => one('app-settings', {}, paths.appSettings),

  activity: () => list('activity', {}, paths.activity),

  connections: () => list('connections', {}, paths.connections),
  allConnections: () => one('connections', {}, withQuery(paths.connections, { limit: ALL })),
  connection: (id: string) => one('connection', { connectionId: id }, paths.connection(id)),
  connectionProfile: (id: string) => one('connection-profile', { connectionId: id }, paths.connectionProfile(id)),
  selfTest: (id: string) => one('self-test', { connectionId: id }, paths.selfTest(id)),
  connectionHealth: (id: string) => one('connection-health', { connectionId: id }, paths.connectionHealth(id)),
  connectionAudit: (id: string) => list('connection-audit', { connectionId: id }, paths.connectionAudit(id)),
  account: (id: string) => one('account', { connectionId: id }, paths.account(id)),
  repositories: (id: string, query: Parameters<typeof paths.repositories>[1]) =>
    one('repositories', { connectionId: id }, query.owner === '' ? null : paths.repositories(id, query)),
  deliveries: (id: string, filter: Filter = {}) =>
    list('deliveries', { connectionId: id }, paths.deliveries(id, filter)),
  deliveryPayload: (id: string, delivery: string) =>
    one('delivery-payload', { connectionId: id }, paths.deliveryPayload(id, delivery)),
  deliveryRecovery: (id: string) => one('delivery-recovery', { connectionId: id }, paths.deliveryRecovery(id)),
  repositoryBranches: (id: string | undefined) =>
    one(
      'repository-branches',
      id === undefined ? {} : { repositoryId: id },
      id === undefined ? null : paths.repositoryBranches(id),
    ),

  projects: () => list('projects', {}, paths.projects),
  project: (id: string) => one('project', { projectId: id }, paths.project(id)),
  serverBranches: (project: Source, search: string) =>
    list('repository-branches', sourceOf(project), paths.serverBranches(project.id, { search })),
  projectBranches: (project: Source) => one('project-branches', sourceOf(project), paths.projectBranches(project.id)),
  /** The folder or file at `path`; null reads nothing. */
  content: (project: Source, branch: string, path: string | null) =>
    one('content', sourceOf(project), path === null ? null : paths.content(project.id, { branch, path })),
  fileVersions: (project: Source, branch: string, path: string) =>
    list('content', sourceOf(project), paths.fileVersions(project.id, { branch, path })),
  fileDiff: (project: Source, query: Parameters<typeof paths.fileDiff>[1]) =>
    one('file-diff', sourceOf(project), paths.fileDiff(project.id, query)),
  /** The newest deployments, for overviews. */
  latestDeployments: (projectId: string) =>
    one('deployments', { projectId }, withQuery(paths.deployments(projectId, {}), { limit: OVERVIEW })),
  /** The newest open pull requests, for overviews. */
  openPullRequests: (project: Source) =>
    one(
      'pull-requests',
      sourceOf(project),
      withQuery(paths.pullRequests(project.id, { state: 'open' }), { limit: 10 }),
    ),
  /** The newest pushes to a repository that the server delivered. */
  latestPushes: (connectionId: string, repository: string) =>
    one(
      'deliveries',
      { connectionId },
      withQuery(paths.deliveries(connectionId, { event: 'push', repository }), { limit: 10 }),
    ),
  deployments: (projectId: string, filter: Filter) =>
    list('deployments', { projectId }, paths.deployments(projectId, filter)),
  pullRequests: (project: Source, filter: Filter) =>
    list('pull-requests', sourceOf(project), paths.pullRequests(project.id, filter)),
  pullRequest: (projectId: string, number: string, subject: Pick<Subject, 'repositoryId' | 'commit'> = {}) =>
    one('pull-request', { ...subject, projectId, pullRequest: number }, paths.pullRequest(projectId, number)),
  pullRequestFiles: (projectId: string, number: number) =>
    list('pull-request-files', { projectId }, paths.pullRequestFiles(projectId, number)),
  pullRequestFileContent: (
    projectId: string,
    number: number,
    file: Parameters<typeof paths.pullRequestFileContent>[2],
  ) => one('pull-request-file-content', { projectId }, paths.pullRequestFileContent(projectId, number, file)),

  pullRequestComments: (projectId: string, number: number) =>
    one('pull-request', { projectId, pullRequest: String(number) }, paths.pullRequestComments(projectId, number)),

  deployment: (id: string) => one('deployment', { deploymentId: id }, paths.deployment(id)),
  deploymentComparison: (id: string) => one('deployment-comparison', {}, paths.deploymentComparison(id)),
  deploymentChecks: (id: string) => one('deployment-checks', { deploymentId: id }, paths.deploymentChecks(id)),
  deploymentLog: (id: string) => one('deployment-log', { deploymentId: id }, paths.deploymentLog(id)),
};
