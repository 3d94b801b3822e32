import { z } from 'zod';
import { branchField, commitField, doc, idField } from './fields.js';
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
    id: idField('deployment', 'Id of the deployment'),
    projectId: idField('project', 'Project that it belongs to'),
    environment: z.enum(environments).meta(doc('Environment to which the site is published')),
    branch: branchField,
    commit: commitField,
    state: z
      .enum(deploymentStates)
      .meta(doc('`skipped`: superseded or cancelled before it was built. `removed`: its site was deleted')),
    reason: z.string().nullable().meta(doc('Why it failed or was skipped', 'Superseded by a newer commit.')),
    pages: z.number().nullable().meta(doc('Number of pages of the site; null before it is built', 42)),
    url: z
      .string()
      .nullable()
      .meta(
        doc('URL of the site; null if it is not published', 'https://feature-search--prj01h2x.preview.example.com/'),
      ),
    current: z.boolean().meta(doc('True if the project or branch shows this deployment')),
    trigger: z.enum(deploymentTriggers).meta(doc('Cause of the deployment')),
    triggeredBy: z.string().nullable().meta(doc('Name of the caller who redeployed or promoted it', 'Ada Lovelace')),
    sourceId: z
      .string()
      .nullable()
      .meta(doc('The deployment that was redeployed or promoted', 'dep_01h2xcejqtf2nbrexx3vqjhp40')),
    createdAt: timestamp.meta(doc('When it was requested')),
    startedAt: timestamp.nullable().meta(doc('When its build began; null before that')),
    finishedAt: timestamp.nullable().meta(doc('When it reached its final state; null before that')),
  })
  .meta({ id: 'Deployment', description: 'A build of a commit, and its publication' });
export type Deployment = z.output<typeof deploymentSchema>;

export const logLineSchema = z
  .object({
    at: timestamp.meta(doc('When it was written')),
    level: z.enum(['info', 'warning', 'error']).meta(doc('Severity')),
    message: z.string().meta(doc('Text of the line', 'Built 42 pages.')),
    file: z
      .string()
      .nullable()
      .meta(doc('Path below the root folder of the project; null if it concerns no file', 'guides/start.md')),
    line: z.number().nullable().meta(doc('Line of the file, counted from 1', 12)),
  })
  .meta({ id: 'LogLine', description: 'A line of a build log' });
export type LogLine = z.output<typeof logLineSchema>;

export const commitStateValues = ['pending', 'success', 'failure', 'error'] as const;
export type CommitState = (typeof commitStateValues)[number];

export const deploymentComparisonQuerySchema = z.object({
  with: z
    .string()
    .max(40)
    .optional()
    .meta(
      doc(
        'Deployment of the same project to compare with. Default: the current production',
        'dep_01h2xcejqtf2nbrexx3vqjhp40',
      ),
    ),
});
export type DeploymentComparisonQuery = z.output<typeof deploymentComparisonQuerySchema>;

const changeCountsSchema = z
  .object({
    added: z.number().meta(doc('Number of added files', 2)),
    removed: z.number().meta(doc('Number of removed files', 0)),
    changed: z.number().meta(doc('Number of files with other content', 5)),
  })
  .meta({ id: 'ChangeCounts', description: 'Numbers of changed files' });

export const deploymentComparisonSchema = z
  .object({
    deploymentId: idField('deployment', 'The deployment'),
    baseId: z
      .string()
      .nullable()
      .meta(
        doc('The deployment it is compared with; null if there is no production', 'dep_01h2xcejqtf2nbrexx3vqjhp40'),
      ),
    pages: changeCountsSchema.meta({ description: 'Changed pages' }),
    assets: changeCountsSchema.meta({ description: 'Changed images, scripts and other files' }),
    items: z
      .array(
        z
          .object({
            path: z.string().meta(doc('Path in the site', 'guides/start/index.html')),
            kind: z.enum(['page', 'asset']).meta(doc('Kind of the file')),
            change: z.enum(['added', 'removed', 'changed']).meta(doc('Kind of the change')),
          })
          .meta({ id: 'SiteChange', description: 'A file that differs between two sites' }),
      )
      .meta(doc('Changed files: pages first, then by path; at most 1,000')),
    truncated: z.boolean().meta(doc('True if more files differ')),
  })
  .meta({ id: 'DeploymentComparison', description: 'The files that differ between the sites of two deployments' });
export type DeploymentComparison = z.output<typeof deploymentComparisonSchema>;
