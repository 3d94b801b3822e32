import { z } from 'zod';
import { timestamp } from './timestamp.js';

export const deploymentStates = ['queued', 'in_progress', 'success', 'failed', 'skipped', 'removed'] as const;
export type DeploymentState = (typeof deploymentStates)[number];

export const environments = ['production', 'preview'] as const;
export type Environment = (typeof environments)[number];

export const deploymentSchema = z
  .object({
    id: z.string(),
    projectId: z.string(),
    environment: z.enum(environments),
    branch: z.string(),
    commit: z.string(),
    state: z.enum(deploymentStates),
    reason: z.string().nullable(),
    pages: z.number().nullable(),
    url: z.string().nullable(),
    current: z.boolean().meta({ description: 'Whether the project or branch shows this deployment now.' }),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Deployment' });
export type Deployment = z.output<typeof deploymentSchema>;

export const logLineSchema = z
  .object({
    at: timestamp,
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable(),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.output<typeof logLineSchema>;

export const commitStateValues = ['pending', 'success', 'failure', 'error'] as const;
export type CommitState = (typeof commitStateValues)[number];

export const pullRequestSchema = z
  .object({
    id: z.string(),
    number: z.number(),
    title: z.string(),
    state: z.enum(['open', 'closed', 'merged']),
    draft: z.boolean(),
    author: z.string(),
    headBranch: z.string(),
    baseBranch: z.string(),
    headCommit: z.string(),
    fork: z.boolean(),
    htmlUrl: z.string(),
    previewUrl: z.string().nullable(),
    updatedAt: timestamp,
  })
  .meta({ id: 'PullRequest' });
export type PullRequest = z.output<typeof pullRequestSchema>;
