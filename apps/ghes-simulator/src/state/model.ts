/**
 * The state of the server, stored in `state.json`. Times are GitHub timestamps (UTC, no fraction). Members are mutable,
 * because the rules change the state in place and then write it as a whole.
 */

export type PermissionLevel = 'read' | 'write' | 'admin';
export type Permissions = Record<string, PermissionLevel>;

export interface Account {
  id: number;
  login: string;
  /** An enterprise has its slug as `login`. */
  type: 'User' | 'Organization' | 'Bot' | 'Enterprise';
  name: string;
  createdAt: string;
  /** Users only: a scrypt hash, see access/secrets.ts. */
  passwordHash?: string;
}

export interface Membership {
  organizationId: number;
  userId: number;
  role: 'admin' | 'member';
}

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  defaultBranch: string;
  createdAt: string;
  updatedAt: string;
  pushedAt: string | null;
  /** Read-only. Absent: false. */
  archived?: boolean;
  /** The repository that this one is a fork of. */
  forkOf?: number;
  /** Number of the next pull request. */
  nextNumber: number;
}

/** A former address of a repository. It ends when another repository takes the name. */
export interface Redirect {
  /** `owner/name` in lower case. */
  fullName: string;
  repositoryId: number;
  /** False after a rename of the owner: then REST answers 404, and Git still redirects. */
  rest: boolean;
}

export interface HookConfig {
  url: string;
  contentType: 'json' | 'form';
  insecureSsl: '0' | '1';
  secret: string | null;
}

export interface AppKey {
  id: number;
  publicKeyPem: string;
  fingerprint: string;
  createdAt: string;
}

export interface App {
  id: number;
  slug: string;
  clientId: string;
  ownerId: number;
  botId: number;
  name: string;
  description: string | null;
  externalUrl: string;
  callbackUrls: string[];
  setupUrl: string | null;
  setupOnUpdate: boolean;
  public: boolean;
  permissions: Permissions;
  events: string[];
  hookId: number;
  hookActive: boolean;
  hook: HookConfig;
  keys: AppKey[];
  clientSecretHashes: string[];
  createdAt: string;
  updatedAt: string;
}

/** The `code` of a manifest redirect, valid once and for an hour. */
export interface ManifestCode {
  codeHash: string;
  appId: number;
  expiresAt: string;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  repositorySelection: 'all' | 'selected';
  repositoryIds: number[];
  permissions: Permissions;
  events: string[];
  createdAt: string;
  updatedAt: string;
  suspendedAt: string | null;
  suspendedById: number | null;
}

/** A member of an organization asks its owners to install an app. */
export interface InstallationRequest {
  id: number;
  appId: number;
  accountId: number;
  /** The member. */
  userId: number;
  createdAt: string;
}

export interface InstallationToken {
  tokenHash: string;
  installationId: number;
  /** Absent: all repositories of the installation at the time of the request. */
  repositoryIds?: number[];
  permissions: Permissions;
  expiresAt: string;
}

export interface UserToken {
  tokenHash: string;
  userId: number;
  note: string;
  createdAt: string;
  /** Set for tokens that an app received for the user. They expire and can be renewed. */
  app?: { id: number; expiresAt: string; refreshTokenHash: string; refreshExpiresAt: string };
}

/** The `code` of an OAuth redirect, valid once and for ten minutes. */
export interface OauthCode {
  codeHash: string;
  appId: number;
  userId: number;
  redirectUri: string;
  /** PKCE, S256. */
  codeChallenge?: string;
  expiresAt: string;
}

export interface Review {
  id: number;
  pullRequestId: number;
  userId: number;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  body: string;
  commitId: string;
  submittedAt: string;
}

/** A comment on the conversation of a pull request. */
export interface IssueComment {
  id: number;
  pullRequestId: number;
  userId: number;
  /** The app that wrote it with a token of its own or of a user; null for a user's own token. */
  appId: number | null;
  body: string;
  createdAt: string;
  updatedAt: string;
}

/** A comment on a line of the diff of a pull request. */
export interface ReviewComment {
  id: number;
  pullRequestId: number;
  reviewId: number;
  userId: number;
  body: string;
  path: string;
  line: number;
  commitId: string;
  createdAt: string;
}

export interface CheckRun {
  id: number;
  suiteId: number;
  repositoryId: number;
  appId: number;
  headSha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  detailsUrl: string | null;
  /** As they were sent. */
  annotations: Record<string, unknown>[];
  startedAt: string;
  completedAt: string | null;
}

/** Groups the check runs of a commit and an app. */
export interface CheckSuite {
  id: number;
  repositoryId: number;
  appId: number;
  headBranch: string | null;
  headSha: string;
  createdAt: string;
}

export interface BranchProtection {
  repositoryId: number;
  branch: string;
  requiredContexts: string[];
  strict: boolean;
  requiredApprovals: number;
  enforceAdmins: boolean;
}

export interface PullRequest {
  id: number;
  number: number;
  repositoryId: number;
  userId: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  draft: boolean;
  headRef: string;
  /** The fork with the head branch. */
  headRepositoryId?: number;
  headSha: string;
  baseRef: string;
  baseSha: string;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  /** Users whose review is requested. */
  requestedReviewerIds?: number[];
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface CommitStatus {
  id: number;
  repositoryId: number;
  sha: string;
  state: StatusState;
  context: string;
  description: string | null;
  targetUrl: string | null;
  creatorId: number;
  createdAt: string;
}

export interface State {
  version: 1;
  ids: Record<string, number>;
  accounts: Account[];
  memberships: Membership[];
  repositories: Repository[];
  redirects: Redirect[];
  apps: App[];
  manifestCodes: ManifestCode[];
  installations: Installation[];
  installationRequests: InstallationRequest[];
  installationTokens: InstallationToken[];
  userTokens: UserToken[];
  pullRequests: PullRequest[];
  statuses: CommitStatus[];
  oauthCodes: OauthCode[];
  reviews: Review[];
  issueComments: IssueComment[];
  reviewComments: ReviewComment[];
  checkSuites: CheckSuite[];
  checkRuns: CheckRun[];
  protections: BranchProtection[];
}

export function emptyState(): State {
  return {
    version: 1,
    ids: {},
    accounts: [],
    memberships: [],
    repositories: [],
    redirects: [],
    apps: [],
    manifestCodes: [],
    installations: [],
    installationRequests: [],
    installationTokens: [],
    userTokens: [],
    pullRequests: [],
    statuses: [],
    oauthCodes: [],
    reviews: [],
    issueComments: [],
    reviewComments: [],
    checkSuites: [],
    checkRuns: [],
    protections: [],
  };
}
