import { z } from 'zod';
import { deploymentComparisonSchema } from '../http/deployments.js';
import { fileVersionSchema } from '../http/history.js';
import { commitJobs } from './commit.jobs.js';
import { defineJob } from './define-job.js';
import { pullRequestJobs } from './pull-request.jobs.js';

/** Every payload carries the version of its shape, so that a rolling update can tell old jobs from new ones. */
const v1 = { v: z.literal(1).default(1) };

const nothing = z.null();

/**
 * Shards of the inbox. A connection belongs to one of them; the deliveries of a shard are claimed by one job at a time.
 */
export const INBOX_SHARDS = 4;

const patient = { attempts: 12, backoffMs: 1_000 };
const brisk = { attempts: 3, backoffMs: 500 };

/** All jobs of the system. A job without a handler does not compile in the worker, and the worker does not start. */
export const jobs = {
  /**
   * Processes the pending deliveries of one shard of the inbox. A wake-up, not a message: of many deliveries at most
   * one job waits per shard, so that the rate of jobs depends neither on the rate of deliveries nor on the number of
   * connections.
   */
  processInbox: defineJob({
    name: 'process-inbox',
    queue: 'deliveries',
    payload: z.object({
      ...v1,
      shard: z
        .int()
        .min(0)
        .max(INBOX_SHARDS - 1),
    }),
    result: nothing,
    retry: patient,
    key: ({ shard }) => String(shard),
  }),
  /** Syncs the content of one ref to its desired state. */
  syncRef: defineJob({
    name: 'sync-ref',
    queue: 'content-sync',
    payload: z.object({ ...v1, refId: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ refId }) => refId,
  }),
  /** Compares all heads of a connected repository with the server and repairs what webhooks missed. */
  reconcileRepository: defineJob({
    name: 'reconcile-repository',
    queue: 'reconciliation',
    payload: z.object({ ...v1, repositoryId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ repositoryId }) => repositoryId,
  }),
  /** Mirrors a connection's app, its installations and the repositories that they can access. */
  refreshConnection: defineJob({
    name: 'refresh-connection',
    queue: 'connections',
    payload: z.object({ ...v1, connectionId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ connectionId }) => connectionId,
  }),
  /** Runs the self-test of a connection. */
  testConnection: defineJob({
    name: 'test-connection',
    queue: 'connections',
    payload: z.object({ ...v1, connectionId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ connectionId }) => `test.${connectionId}`,
  }),
  /** Recovers webhook deliveries of a connection that the server could not deliver. */
  recoverDeliveries: defineJob({
    name: 'recover-deliveries',
    queue: 'connections',
    payload: z.object({ ...v1, connectionId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ connectionId }) => `recover.${connectionId}`,
  }),
  /** Interactive: reads the branches of a repository from the server. */
  listBranches: defineJob({
    name: 'list-branches',
    queue: 'repository-queries',
    payload: z.object({ ...v1, repositoryId: z.string() }),
    result: z.object({ branches: z.array(z.object({ name: z.string(), commit: z.string() })) }),
    retry: { attempts: 1, backoffMs: 0 },
    key: ({ repositoryId }) => `branches.${repositoryId}`,
  }),
  searchBranches: defineJob({
    name: 'search-branches',
    queue: 'repository-queries',
    payload: z.object({
      ...v1,
      repositoryId: z.string(),
      search: z.string(),
      after: z.string(),
      limit: z.number(),
      base: z.string(),
    }),
    result: z.object({
      branches: z.array(
        z.object({ name: z.string(), commit: z.string(), ahead: z.number().nullable(), behind: z.number().nullable() }),
      ),
      hasMore: z.boolean(),
    }),
    retry: { attempts: 1, backoffMs: 0 },
    key: ({ repositoryId, search, after, limit, base }) =>
      `branches.${repositoryId}.${encodeURIComponent(JSON.stringify([search, after, limit, base]))}`,
  }),
  /** Interactive: lists the commits that changed a file or folder, from a commit on. */
  listFileVersions: defineJob({
    name: 'list-file-versions',
    queue: 'repository-queries',
    payload: z.object({
      ...v1,
      repositoryId: z.string(),
      commit: z.string(),
      path: z.string(),
      page: z.int().min(1),
      limit: z.int().min(1).max(100),
    }),
    result: z.object({ versions: z.array(fileVersionSchema.omit({ stored: true })), more: z.boolean() }),
    retry: { attempts: 1, backoffMs: 0 },
    key: ({ repositoryId, commit, path, page, limit }) =>
      `versions.${repositoryId}.${encodeURIComponent(JSON.stringify([commit, path, page, limit]))}`,
  }),
  /** Interactive: stores the snapshot of a commit that `head` contains. Its tree is null if `head` does not contain it. */
  fetchSnapshot: defineJob({
    name: 'fetch-snapshot',
    queue: 'repository-queries',
    payload: z.object({
      ...v1,
      repositoryId: z.string(),
      refName: z.string(),
      head: z.string(),
      commit: z.string(),
    }),
    result: z.object({ tree: z.string().nullable() }),
    retry: { attempts: 1, backoffMs: 0 },
    key: ({ repositoryId, commit, head }) => `snapshot.${repositoryId}.${commit}.${head}`,
  }),
  buildDeployment: defineJob({
    name: 'build-deployment',
    queue: 'deployments',
    payload: z.object({ ...v1, deploymentId: z.string(), preview: z.boolean().default(false) }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
    // A new preview policy may add hundreds of previews; production does not wait for them.
    lowPriority: ({ preview }) => preview,
  }),
  /** Runs a check on the content of a deployment. */
  checkDeployment: defineJob({
    name: 'check-deployment',
    queue: 'checks',
    payload: z.object({ ...v1, deploymentId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
  }),
  /** Promotes a deployment: reuses its site for production, without a build. */
  promoteDeployment: defineJob({
    name: 'promote-deployment',
    queue: 'promotions',
    payload: z.object({ ...v1, deploymentId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
  }),
  /** Interactive: compares the sites of two deployments. Without `baseId`, every file is added. */
  compareDeployments: defineJob({
    name: 'compare-deployments',
    queue: 'repository-queries',
    payload: z.object({ ...v1, deploymentId: z.string(), baseId: z.string().nullable() }),
    result: deploymentComparisonSchema,
    retry: { attempts: 1, backoffMs: 0 },
    key: ({ deploymentId, baseId }) => `compare.${deploymentId}.${baseId ?? ''}`,
  }),
  /** Plans the deployments of all refs and pull requests after a change of a project's settings. */
  planProject: defineJob({
    name: 'plan-project',
    queue: 'planning',
    payload: z.object({ ...v1, projectId: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ projectId }) => projectId,
  }),
  /** Sends the outbox's statuses of one commit and context, in order. */
  sendCommitStatuses: defineJob({
    name: 'send-commit-statuses',
    queue: 'commit-statuses',
    payload: z.object({ ...v1, repositoryId: z.string(), commit: z.string(), context: z.string() }),
    result: nothing,
    retry: patient,
    // Servers compare contexts without case.
    key: ({ repositoryId, commit, context }) => `${repositoryId}.${commit}.${context.toLowerCase()}`,
  }),
  /** Creates or updates the comment of a project on a pull request. */
  updatePullRequestComment: defineJob({
    name: 'update-pull-request-comment',
    queue: 'commit-statuses',
    payload: z.object({ ...v1, projectId: z.string(), number: z.int() }),
    result: nothing,
    retry: patient,
    key: ({ projectId, number }) => `${projectId}.${number}`,
  }),
  /** Creates or updates the check run of a project on a commit. */
  updateCheckRun: defineJob({
    name: 'update-check-run',
    queue: 'commit-statuses',
    payload: z.object({ ...v1, projectId: z.string(), commit: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ projectId, commit }) => `${projectId}.${commit}`,
  }),
  ...pullRequestJobs,
  ...commitJobs,
} as const;

export type JobKey = keyof typeof jobs;
export type QueueName = (typeof jobs)[JobKey]['queue'];
