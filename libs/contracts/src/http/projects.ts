import { z } from 'zod';
import { line } from './line.js';
import { timestamp } from './timestamp.js';

const rootFolder = line
  .trim()
  .max(400)
  .transform((folder) => folder.replace(/^\/+|(?<!\/)\/+$/g, ''))
  .refine(
    (folder) =>
      folder === '' ||
      (!folder.includes('\\') &&
        folder.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()))),
    'The folder must be a path inside the repository, such as docs/public.',
  );

const branchPreviewsSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('all') }),
  z.object({ mode: z.literal('none') }),
  z.object({
    mode: z.literal('patterns'),
    patterns: z.array(line.min(1).max(200)).min(1, 'Name at least one branch or pattern.').max(50),
  }),
]);
export type BranchPreviews = z.output<typeof branchPreviewsSchema>;

/** Protection of the production branch against commits, which publish at once. */
export const productionCommitModes = ['pull-request', 'maintain', 'write'] as const;
export type ProductionCommits = (typeof productionCommitModes)[number];

const productionCommits = z.enum(productionCommitModes).meta({
  description:
    'Commits to the production branch: `pull-request` allows none, it changes by pull request only; `maintain` and `write` name the role that they need',
});

export const productionCheckModes = ['block', 'warn', 'ignore'] as const;
export type ProductionChecks = (typeof productionCheckModes)[number];

const productionChecks = z.enum(productionCheckModes).meta({
  description:
    'Builds of the production branch with broken links, lint errors, Markdoc errors or pages that cannot be built: `block` keeps the current production, `warn` publishes, and failed checks fail their commit statuses; `ignore` publishes, and they do not. `reunite` in `redocly.yaml` can exempt checks',
});

const pullRequestComments = z.boolean().meta({
  description:
    'Keeps one comment on every open pull request up to date: preview, changed pages, findings. The app needs `pull_requests: write`',
});

export const createProjectSchema = z
  .object({
    repositoryId: z.string().max(100),
    name: line.trim().min(1, 'Give the project a name.').max(80),
    productionBranch: line.min(1, 'Choose the production branch.').max(255),
    rootFolder: rootFolder.default(''),
    branchPreviews: branchPreviewsSchema.default({ mode: 'none' }),
    pullRequestPreviews: z.boolean().default(true),
    forkPreviews: z.boolean().default(false),
    productionCommits: productionCommits.default('pull-request'),
    productionChecks: productionChecks.default('block'),
    pullRequestComments: pullRequestComments.default(false),
  })
  .meta({ id: 'CreateProject' });
export type CreateProject = z.output<typeof createProjectSchema>;

/** Omitted settings keep their value; the repository of a project cannot change. */
export const updateProjectSchema = z
  .object({
    name: createProjectSchema.shape.name.optional(),
    productionBranch: createProjectSchema.shape.productionBranch.optional(),
    rootFolder: rootFolder.optional(),
    branchPreviews: branchPreviewsSchema.optional(),
    pullRequestPreviews: z.boolean().optional(),
    forkPreviews: z.boolean().optional(),
    productionCommits: productionCommits.optional(),
    productionChecks: productionChecks.optional(),
    pullRequestComments: pullRequestComments.optional(),
  })
  .meta({ id: 'UpdateProject' });
export type UpdateProject = z.output<typeof updateProjectSchema>;

const syncStateSchema = z
  .object({
    state: z.enum(['waiting', 'synced', 'failed']),
    commit: z.string().nullable(),
    error: z.string().nullable(),
    syncedAt: timestamp.nullable(),
  })
  .meta({ id: 'SyncState' });

/** Whether the bridge reaches the repository of a project on its server. */
const repositoryStateSchema = z
  .object({
    state: z
      .enum([
        'available',
        'archived',
        'suspended',
        'not-installed',
        'not-included',
        'moved-away',
        'not-found',
        'connection-broken',
      ])
      .meta({
        description:
          'All but `available` and `archived` keep the content from being synced. `moved-away`: transferred out of the reach of the app; `not-found`: deleted, or hidden from the app',
      }),
    cause: z.string().nullable().meta({ description: 'What happened; null for `available`' }),
    remedy: z.string().nullable().meta({ description: 'What to do; null for `available`' }),
  })
  .meta({ id: 'RepositoryState' });
export type RepositoryState = z.output<typeof repositoryStateSchema>;

export const projectSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    connectionId: z.string(),
    repositoryId: z.string(),
    repository: z.string().meta({ description: 'owner/name on the server' }),
    formerRepository: z
      .string()
      .nullable()
      .meta({ description: 'owner/name before the last rename or transfer on the server' }),
    repositoryState: repositoryStateSchema,
    productionBranch: z.string(),
    rootFolder: z.string(),
    branchPreviews: branchPreviewsSchema,
    pullRequestPreviews: z.boolean(),
    forkPreviews: z.boolean(),
    productionCommits,
    productionChecks,
    pullRequestComments,
    productionUrl: z.string().nullable(),
    sync: syncStateSchema,
    createdAt: timestamp,
  })
  .meta({ id: 'Project' });
export type Project = z.output<typeof projectSchema>;

/** A folder's listing or a file's text, from the synced content of a branch. */
const contentEntrySchema = z
  .object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'file', 'symlink', 'submodule']) })
  .meta({ id: 'ContentEntry' });
export const contentSchema = z
  .object({
    branch: z.string(),
    commit: z.string(),
    path: z.string(),
    kind: z.enum(['folder', 'file', 'symlink', 'submodule']),
    entries: z.array(contentEntrySchema).optional(),
    text: z.string().nullable().optional().meta({ description: 'null if the file is binary or too large to show' }),
    bytes: z.number().optional(),
    executable: z.boolean().optional().meta({ description: 'For files only' }),
  })
  .meta({ id: 'Content' });
export type Content = z.output<typeof contentSchema>;
