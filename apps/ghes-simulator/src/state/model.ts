/** What the server remembers, as it is written to `state.json`. Times are GitHub timestamps (UTC, no fraction). */

export type PermissionLevel = 'read' | 'write' | 'admin';
export type Permissions = Record<string, PermissionLevel>;

export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  name: string;
  createdAt: string;
  /** Users only: scrypt, see access/passwords.ts. */
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
  /** The number that the next pull request gets. */
  nextNumber: number;
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

/** The `code` of a manifest redirect: good once, for an hour. */
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

export interface InstallationToken {
  tokenHash: string;
  installationId: number;
  /** Absent: whatever the installation covers at the time of the request. */
  repositoryIds?: number[];
  permissions: Permissions;
  expiresAt: string;
}

export interface UserToken {
  tokenHash: string;
  userId: number;
  note: string;
  createdAt: string;
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
  headSha: string;
  baseRef: string;
  baseSha: string;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
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
  apps: App[];
  manifestCodes: ManifestCode[];
  installations: Installation[];
  installationTokens: InstallationToken[];
  userTokens: UserToken[];
  pullRequests: PullRequest[];
  statuses: CommitStatus[];
}

export function emptyState(): State {
  return {
    version: 1,
    ids: {},
    accounts: [],
    memberships: [],
    repositories: [],
    apps: [],
    manifestCodes: [],
    installations: [],
    installationTokens: [],
    userTokens: [],
    pullRequests: [],
    statuses: [],
  };
}
