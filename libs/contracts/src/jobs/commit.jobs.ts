import { z } from 'zod';
import { madeCommitSchema, syncedBranchSchema } from '../http/commits.js';
import { actorSchema } from './actor.js';
import { defineJob } from './define-job.js';

/**
 * Payload of an interactive job that changes the server. After `deadline` the caller has left, so the job does nothing.
 */
const interactive = { v: z.literal(1).default(1), actor: actorSchema, deadline: z.iso.datetime() };

const once = { attempts: 1, backoffMs: 0 };

/** Jobs that write commits and branches. All are interactive: a caller waits for the result. */
export const commitJobs = {
  /** Creates the commit of a request; its files are in the database. */
  makeCommit: defineJob({
    name: 'make-commit',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, requestId: z.string() }),
    result: z.discriminatedUnion('outcome', [
      madeCommitSchema.extend({ outcome: z.literal('made') }),
      /** Nothing was written: the branch is at `head`, which has other versions of `files`. */
      z.object({ outcome: z.literal('conflict'), head: z.string(), files: z.array(z.string()) }),
    ]),
    retry: once,
    key: ({ requestId }) => requestId,
  }),
  createBranch: defineJob({
    name: 'create-branch',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, repositoryId: z.string(), name: z.string(), from: z.string() }),
    result: z.object({ commit: z.string() }),
    retry: once,
    key: ({ repositoryId, name }) => `branch.${repositoryId}.${name}`,
  }),
  deleteBranch: defineJob({
    name: 'delete-branch',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, repositoryId: z.string(), name: z.string() }),
    result: z.null(),
    retry: once,
    key: ({ repositoryId, name }) => `delete-branch.${repositoryId}.${name}`,
  }),
  /** Merges `from` into the branch. */
  syncBranch: defineJob({
    name: 'sync-branch',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, repositoryId: z.string(), name: z.string(), from: z.string() }),
    result: syncedBranchSchema,
    retry: once,
    key: ({ repositoryId, name }) => `sync-branch.${repositoryId}.${name}`,
  }),
} as const;
