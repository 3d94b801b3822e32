import { z } from 'zod';

/*
 * The fields that we use of GitHub's webhook payloads, under GitHub's own names; everything else is dropped.
 * https://docs.github.com/enterprise-server/webhooks/webhook-events-and-payloads
 */

const serverId = z.int().positive();
const commitId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a commit id');
const user = z.object({ login: z.string() });

const repository = z.object({
  id: serverId,
  name: z.string(),
  private: z.boolean().optional(),
  default_branch: z.string(),
  owner: user,
});

/** Present in the app's own deliveries only, not in those of a repository's webhook. */
const installationOfEvent = z.object({ id: serverId }).optional();
const shared = { repository, installation: installationOfEvent, sender: user.optional() };

export const pushSchema = z.object({
  ...shared,
  ref: z.string(),
  before: commitId,
  after: commitId,
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
  pusher: z.object({ name: z.string().optional() }),
});

/** `ref` is the short name here, not `refs/…` as in a push. */
export const refEventSchema = z.object({ ...shared, ref: z.string(), ref_type: z.enum(['branch', 'tag']) });

export const pullRequestSchema = z.object({
  ...shared,
  action: z.string(),
  number: z.int().positive(),
  pull_request: z.object({
    title: z.string(),
    state: z.enum(['open', 'closed']),
    merged: z.boolean().default(false),
    draft: z.boolean().default(false),
    /** Null where the account is gone. */
    user: user.nullable(),
    html_url: z.string(),
    updated_at: z.iso.datetime({ offset: true }),
    /** `repo` is null where the fork is gone. */
    head: z.object({ ref: z.string(), sha: commitId, repo: z.object({ id: serverId }).nullable() }),
    base: z.object({ ref: z.string(), repo: z.object({ id: serverId }) }),
  }),
});

const installation = z.object({
  id: serverId,
  app_id: serverId,
  account: user,
  repository_selection: z.enum(['all', 'selected']),
  suspended_at: z.string().nullish(),
  permissions: z.record(z.string(), z.string()),
});

export const installationSchema = z.object({ action: z.string(), installation, sender: user.optional() });

const changedRepository = z.object({ id: serverId, name: z.string() });

export const installationRepositoriesSchema = z.object({
  action: z.string(),
  installation,
  repositories_added: z.array(changedRepository),
  repositories_removed: z.array(changedRepository),
  sender: user.optional(),
});

export const pingSchema = z.object({ zen: z.string().optional(), hook_id: serverId.optional() });
