import type {
  Branch,
  Connection,
  Content,
  Delivery,
  Deployment,
  LogLine,
  ManifestForm,
  Page,
  Project,
  PullRequest,
  Repository,
} from '@reunite/contracts';

/** An address of the API that knows what it answers: the one place where the two are tied together. */
export type Path<Answer> = string & { readonly answer?: Answer };

export interface Session {
  readonly subject: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roles: readonly string[];
}
export interface LocalUser {
  readonly id: string;
  readonly name: string;
  readonly organizationName: string;
  readonly roles: readonly string[];
}
interface Items<Item> {
  readonly items: Item[];
}

type QueryValue = string | number | undefined;

/** `path` with those parameters that have a value. */
export function withQuery<Answer>(path: Path<Answer>, query: Readonly<Record<string, QueryValue>>): Path<Answer> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  if (search.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${search.toString()}` as Path<Answer>;
}

function at<Answer>(strings: TemplateStringsArray, ...ids: string[]): Path<Answer> {
  return String.raw({ raw: strings }, ...ids.map(encodeURIComponent));
}

export const paths = {
  session: at<Session>`/v1/session`,
  localUsers: at<{ users: LocalUser[] }>`/auth/local/users`,
  localSignIn: at<undefined>`/auth/local/sign-in`,
  signOut: at<undefined>`/auth/sign-out`,

  connections: at<Page<Connection>>`/v1/connections`,
  createConnection: at<ManifestForm>`/v1/connections`,
  connection: (id: string) => at<Connection>`/v1/connections/${id}`,
  deleteConnection: (id: string, name: string) => withQuery(at<undefined>`/v1/connections/${id}`, { name }),
  manifest: (id: string) => at<ManifestForm>`/v1/connections/${id}/manifest`,
  refreshConnection: (id: string) => at<undefined>`/v1/connections/${id}/refresh`,
  repositories: (id: string, query: { owner: string; search: string; limit: number }) =>
    withQuery(at<Page<Repository>>`/v1/connections/${id}/repositories`, query),
  deliveries: (id: string) => at<Page<Delivery>>`/v1/connections/${id}/deliveries`,
  repositoryBranches: (id: string) => at<Items<Branch>>`/v1/repositories/${id}/branches`,

  projects: at<Page<Project>>`/v1/projects`,
  createProject: at<Project>`/v1/projects`,
  project: (id: string) => at<Project>`/v1/projects/${id}`,
  deleteProject: (id: string) => at<undefined>`/v1/projects/${id}`,
  syncProject: (id: string) => at<undefined>`/v1/projects/${id}/sync`,
  content: (id: string, query: { branch: string; path: string }) =>
    withQuery(at<Content>`/v1/projects/${id}/content`, query),
  projectBranches: (id: string) => at<Items<Branch>>`/v1/projects/${id}/branches`,
  deployments: (id: string) => at<Page<Deployment>>`/v1/projects/${id}/deployments`,
  pullRequests: (id: string, state: string) =>
    withQuery(at<Page<PullRequest>>`/v1/projects/${id}/pull-requests`, { state }),

  deployment: (id: string) => at<Deployment>`/v1/deployments/${id}`,
  deploymentLog: (id: string) => at<Items<LogLine>>`/v1/deployments/${id}/log`,
};
