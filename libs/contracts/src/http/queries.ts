import { z } from 'zod';
import { doc } from './fields.js';
import { deploymentStates, environments } from './deployments.js';
import { line } from './line.js';
import { forwardPageQuerySchema, pageQuerySchema } from './pages.js';
import { timestamp } from './timestamp.js';

export const repositoryQuerySchema = pageQuerySchema.extend({
  owner: line.max(100).optional().meta(doc('Only repositories of this owner', 'acme')),
  search: line.max(200).optional().meta(doc('Part of `owner/name`, case-insensitive', 'hand')),
});
export type RepositoryQuery = z.output<typeof repositoryQuerySchema>;

export const serverBranchQuerySchema = forwardPageQuerySchema.extend({
  after: z
    .string()
    .max(400)
    .optional()
    .meta(doc('Cursor: the `endCursor` of a page. Returns the items after it', 'ZmVhdHVyZQ')),
  search: line.max(100).optional().meta(doc('Part of the name, case-insensitive', 'feature')),
});
export type ServerBranchQuery = z.output<typeof serverBranchQuerySchema>;

export const contentQuerySchema = z.object({
  branch: line.max(255).optional().meta(doc('Default: the production branch', 'main')),
  path: line
    .max(4_096)
    .default('')
    .meta(doc('Path below the root folder of the project; empty for that folder', 'guides/start.md')),
});
export type ContentQuery = z.output<typeof contentQuerySchema>;

export const deploymentQuerySchema = pageQuerySchema.extend({
  environment: z.enum(environments).optional().meta(doc('Only deployments of this environment')),
  state: z.enum(deploymentStates).optional().meta(doc('Only deployments in this state')),
  branch: line.max(255).optional().meta(doc('Only deployments of this branch', 'main')),
  since: timestamp.optional().meta(doc('Created at this time or later')),
  until: timestamp.optional().meta(doc('Created before this time')),
  search: line
    .trim()
    .min(1, 'Enter a text to search for.')
    .max(100)
    .optional()
    .meta(
      doc(
        'Id of a deployment, begin of a commit, or part of the branch, of the title of its pull request, or of the name of the caller who started it; case-insensitive',
        'search',
      ),
    ),
});
export type DeploymentQuery = z.output<typeof deploymentQuerySchema>;

export const eventsQuerySchema = z.object({
  readMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .optional()
    .meta(
      doc(
        'Milliseconds since the client began to read objects. Events of that time are sent first. Ignored with `Last-Event-ID`',
        1_200,
      ),
    ),
});
export type EventsQuery = z.output<typeof eventsQuerySchema>;

export const deleteConnectionQuerySchema = z.object({
  name: z.string().max(200).default('').meta(doc('Name of the connection, which confirms the deletion', 'Engineering')),
});

export const manifestCallbackQuerySchema = z.object({
  // As the vault's own schema: without control characters and lone surrogates.
  code: z
    .string()
    .max(400)
    .regex(/^[^\p{Cc}\p{Cs}]{1,400}$/u),
  state: z.string().min(1).max(400),
});
export const installedCallbackQuerySchema = z.object({ connection: z.string().max(100) });
