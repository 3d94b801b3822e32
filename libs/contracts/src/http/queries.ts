import { z } from 'zod';
import { deploymentStates, environments } from './deployments.js';
import { line } from './line.js';
import { pageQuerySchema } from './pages.js';

export const repositoryQuerySchema = pageQuerySchema.extend({
  owner: line.max(100).optional().meta({ description: 'Only repositories of this owner' }),
  search: line.max(200).optional().meta({ description: 'Part of `owner/name`, case-insensitive' }),
});
export type RepositoryQuery = z.output<typeof repositoryQuerySchema>;

export const contentQuerySchema = z.object({
  branch: line.max(255).optional().meta({ description: 'Default: the production branch' }),
  path: line.max(4_096).default('').meta({ description: "Below the project's root folder; empty for that folder" }),
});
export type ContentQuery = z.output<typeof contentQuerySchema>;

export const deploymentQuerySchema = pageQuerySchema.extend({
  environment: z.enum(environments).optional(),
  state: z.enum(deploymentStates).optional(),
  branch: line.max(255).optional().meta({ description: 'Only deployments of this branch' }),
});
export type DeploymentQuery = z.output<typeof deploymentQuerySchema>;

export const deleteConnectionQuerySchema = z.object({
  name: z.string().max(200).default('').meta({ description: 'Name of the connection, which confirms the deletion' }),
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
