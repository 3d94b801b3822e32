import { z } from 'zod';
import { commitJobs } from './commit.jobs.js';
import { defineJob } from './define-job.js';
import { pullRequestJobs } from './pull-request.jobs.js';

/** Every payload carries the version of its shape, so that a rolling update can tell old jobs from new ones. */
const v1 = { v: z.literal(1).default(1) };

const nothing = z.null();

const patient = { attempts: 12, backoffMs: 1_000 };
const brisk = { attempts: 3, backoffMs: 500 };

/** All jobs of the system. A job that no worker handles stops the worker's start and does not compile there. */
export const jobs = {
  /** Reads a delivery from the inbox and turns it into wanted state. */
  processDelivery: defineJob({
    name: 'process-delivery',
    queue: 'deliveries',
    payload: z.object({ ...v1, deliveryId: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ deliveryId }) => deliveryId,
  }),
  /** Brings the content of one ref to its wanted state. */
  syncRef: defineJob({
    name: 'sync-ref',
    queue: 'content-sync',
    payload: z.object({ ...v1, refId: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ refId }) => refId,
  }),
  /** Asks the server for all heads of a connected repository and corrects what webhooks left behind. */
  reconcileRepository: defineJob({
    name: 'reconcile-repository',
    queue: 'reconciliation',
    payload: z.object({ ...v1, repositoryId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ repositoryId }) => repositoryId,
  }),
  /** Mirrors a connection's app, its installations and the repositories they reach. */
  refreshConnection: defineJob({
    name: 'refresh-connection',
    queue: 'connections',
    payload: z.object({ ...v1, connectionId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ connectionId }) => connectionId,
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
  buildDeployment: defineJob({
    name: 'build-deployment',
    queue: 'deployments',
    payload: z.object({ ...v1, deploymentId: z.string(), preview: z.boolean().default(false) }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
    // A new policy may ask for hundreds of previews at once; production does not wait for them.
    lowPriority: ({ preview }) => preview,
  }),
  /** Lints what a deployment was built from. */
  checkDeployment: defineJob({
    name: 'check-deployment',
    queue: 'checks',
    payload: z.object({ ...v1, deploymentId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
  }),
  /** Makes a deployment production with the site of the one it was promoted from. Does not wait for builds. */
  promoteDeployment: defineJob({
    name: 'promote-deployment',
    queue: 'promotions',
    payload: z.object({ ...v1, deploymentId: z.string() }),
    result: nothing,
    retry: brisk,
    key: ({ deploymentId }) => deploymentId,
  }),
  /** Brings the deployments of all refs and pull requests to what a project's new settings want. */
  planProject: defineJob({
    name: 'plan-project',
    queue: 'planning',
    payload: z.object({ ...v1, projectId: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ projectId }) => projectId,
  }),
  /** Sends what the outbox holds for one commit and context, in order. */
  sendCommitStatuses: defineJob({
    name: 'send-commit-statuses',
    queue: 'commit-statuses',
    payload: z.object({ ...v1, repositoryId: z.string(), commit: z.string(), context: z.string() }),
    result: nothing,
    retry: patient,
    // To a server contexts that differ only by case are one.
    key: ({ repositoryId, commit, context }) => `${repositoryId}.${commit}.${context.toLowerCase()}`,
  }),
  ...pullRequestJobs,
  ...commitJobs,
} as const;

export type JobKey = keyof typeof jobs;
export type QueueName = (typeof jobs)[JobKey]['queue'];
