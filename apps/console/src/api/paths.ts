import type {
  Account,
  Activity,
  AppSettings,
  AuditRecord,
  Branch,
  Check,
  Connection,
  ConnectionHealth,
  ConnectionProfileView,
  Content,
  Delivery,
  DeliveryPayload,
  DeliveryRecovery,
  Deployment,
  LogLine,
  MadeCommit,
  ManifestForm,
  Page,
  Project,
  PullRequest,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestMerge,
  Repository,
  RotatedCredential,
  SelfTest,
  ServerCertificate,
  SignInStart,
  SyncedBranch,
  Upload,
} from '@reunite/contracts';

/** A path of the API with the type of its response. */
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
  signInAddress: at<{ url: string | null }>`/auth/sign-in`,
  localUsers: at<{ users: LocalUser[] }>`/auth/local/users`,
  localSignIn: at<undefined>`/auth/local/sign-in`,
  signOut: at<undefined>`/auth/sign-out`,

  connections: at<Page<Connection>>`/v1/connections`,
  createConnection: at<ManifestForm>`/v1/connections`,
  connection: (id: string) => at<Connection>`/v1/connections/${id}`,
  deleteConnection: (id: string, name: string) => withQuery(at<undefined>`/v1/connections/${id}`, { name }),
  takeOver: (id: string) => at<Connection>`/v1/connections/${id}/take-over`,
  manifest: (id: string) => at<ManifestForm>`/v1/connections/${id}/manifest`,
  connectionProfile: (id: string) => at<ConnectionProfileView>`/v1/connections/${id}/profile`,
  serverCertificates: at<ServerCertificate>`/v1/server-certificates`,
  selfTest: (id: string) => at<SelfTest>`/v1/connections/${id}/self-test`,
  connectionHealth: (id: string) => at<ConnectionHealth>`/v1/connections/${id}/health`,
  connectionAudit: (id: string) => at<Page<AuditRecord>>`/v1/connections/${id}/audit`,
  repairWebhook: (id: string) => at<undefined>`/v1/connections/${id}/webhook/repair`,
  appSettings: at<AppSettings>`/v1/app-settings`,
  addExistingApp: at<Connection>`/v1/connections/existing`,
  privateKey: (id: string) => at<RotatedCredential>`/v1/connections/${id}/private-key`,
  clientSecret: (id: string) => at<RotatedCredential>`/v1/connections/${id}/client-secret`,
  webhookSecret: (id: string) => at<RotatedCredential>`/v1/connections/${id}/webhook-secret`,
  account: (id: string) => at<Account>`/v1/connections/${id}/account`,
  confirmAccount: (id: string) => at<Account>`/v1/connections/${id}/account/confirmation`,
  endSignIn: (id: string) => at<undefined>`/v1/connections/${id}/account`,
  signIn: (id: string) => at<SignInStart>`/v1/connections/${id}/sign-in`,
  refreshConnection: (id: string) => at<undefined>`/v1/connections/${id}/refresh`,
  repositories: (id: string, query: { owner: string; search: string; limit: number }) =>
    withQuery(at<Page<Repository>>`/v1/connections/${id}/repositories`, query),
  deliveries: (id: string, filter: Readonly<Record<string, string>> = {}) =>
    withQuery(at<Page<Delivery>>`/v1/connections/${id}/deliveries`, filter),
  deliveryPayload: (id: string, delivery: string) =>
    at<DeliveryPayload>`/v1/connections/${id}/deliveries/${delivery}/payload`,
  redeliver: (id: string, delivery: string) => at<undefined>`/v1/connections/${id}/deliveries/${delivery}/redeliver`,
  deliveryRecovery: (id: string) => at<DeliveryRecovery>`/v1/connections/${id}/delivery-recovery`,
  repositoryBranches: (id: string) => at<Items<Branch>>`/v1/repositories/${id}/branches`,

  activity: at<Page<Activity>>`/v1/activity`,

  projects: at<Page<Project>>`/v1/projects`,
  createProject: at<Project>`/v1/projects`,
  project: (id: string) => at<Project>`/v1/projects/${id}`,
  deleteProject: (id: string) => at<undefined>`/v1/projects/${id}`,
  syncProject: (id: string) => at<undefined>`/v1/projects/${id}/sync`,
  content: (id: string, query: { branch: string; path: string }) =>
    withQuery(at<Content>`/v1/projects/${id}/content`, query),
  projectBranches: (id: string) => at<Items<Branch>>`/v1/projects/${id}/branches`,
  createUpload: (id: string) => at<Upload>`/v1/projects/${id}/uploads`,
  createCommit: (id: string) => at<MadeCommit>`/v1/projects/${id}/commits`,
  createBranch: (id: string) => at<Branch>`/v1/projects/${id}/branches`,
  deleteBranch: (id: string, name: string, closePullRequests: boolean) =>
    withQuery(at<undefined>`/v1/projects/${id}/branches`, { name, closePullRequests: String(closePullRequests) }),
  syncBranch: (id: string) => at<SyncedBranch>`/v1/projects/${id}/branches/sync`,
  deployments: (id: string, filter: Readonly<Record<string, string>>) =>
    withQuery(at<Page<Deployment>>`/v1/projects/${id}/deployments`, filter),
  pullRequests: (id: string, filter: Readonly<Record<string, string>>) =>
    withQuery(at<Page<PullRequest>>`/v1/projects/${id}/pull-requests`, filter),
  createPullRequest: (id: string) => at<PullRequest>`/v1/projects/${id}/pull-requests`,
  pullRequest: (id: string, number: string) => at<PullRequestDetail>`/v1/projects/${id}/pull-requests/${number}`,
  updatePullRequest: (id: string, number: number) =>
    at<PullRequest>`/v1/projects/${id}/pull-requests/${String(number)}`,
  pullRequestFiles: (id: string, number: number) =>
    at<Page<PullRequestFile>>`/v1/projects/${id}/pull-requests/${String(number)}/files?limit=100`,
  pullRequestFileContent: (id: string, number: number, query: { path: string; previousPath: string | undefined }) =>
    withQuery(at<PullRequestFileContent>`/v1/projects/${id}/pull-requests/${String(number)}/files/content`, query),
  mergePullRequest: (id: string, number: number) =>
    at<PullRequestMerge>`/v1/projects/${id}/pull-requests/${String(number)}/merge`,
  updatePullRequestBranch: (id: string, number: number) =>
    at<undefined>`/v1/projects/${id}/pull-requests/${String(number)}/update-branch`,

  deployment: (id: string) => at<Deployment>`/v1/deployments/${id}`,
  redeploy: (id: string) => at<Deployment>`/v1/deployments/${id}/redeploy`,
  promote: (id: string) => at<Deployment>`/v1/deployments/${id}/promote`,
  cancelDeployment: (id: string) => at<Deployment>`/v1/deployments/${id}/cancel`,
  deploymentChecks: (id: string) => at<Items<Check>>`/v1/deployments/${id}/checks`,
  deploymentLog: (id: string) => at<Items<LogLine>>`/v1/deployments/${id}/log`,
};
