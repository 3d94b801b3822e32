import { z } from 'zod';
import { timestamp } from './timestamp.js';

export const deploymentStates = [
  'queued',
  'in_progress',
  'success',
  'failed',
  'timed_out',
  'skipped',
  'removed',
] as const;
export type DeploymentState = (typeof deploymentStates)[number];

export const environments = ['production', 'preview'] as const;
export type Environment = (typeof environments)[number];

/** Cause of a deployment: a push, a change of its pull request or of the project's settings, or a caller's request. */
export const deploymentTriggers = ['push', 'pull_request', 'settings', 'redeploy', 'promote'] as const;
export type DeploymentTrigger = (typeof deploymentTriggers)[number];

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
    current: z.boolean().meta({ description: 'True if the project or branch shows this deployment.' }),
    trigger: z.enum(deploymentTriggers),
    triggeredBy: z.string().nullable().meta({ description: 'Name of the caller who redeployed or promoted it.' }),
    sourceId: z.string().nullable().meta({ description: 'The deployment that was redeployed or promoted.' }),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
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
