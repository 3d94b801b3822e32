import { z } from 'zod';
import { branchField, commitField, doc, idField } from './fields.js';
import { line } from './line.js';
import { timestamp } from './timestamp.js';

const rootFolder = line
  .trim()
  .max(400)
  .meta(doc('Folder of the repository that is built; empty for all of it', 'docs'))
  .transform((folder) => folder.replace(/^\/+|(?<!\/)\/+$/g, ''))
  .refine(
    (folder) =>
      folder === '' ||
      (!folder.includes('\\') &&
        folder.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()))),
    'The folder must be a path inside the repository, such as docs/public.',
  );

const branchPreviewsSchema = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('all').meta(doc('Every branch has a preview')) }),
    z.object({ mode: z.literal('none').meta(doc('No branch has a preview')) }),
    z.object({
      mode: z.literal('patterns').meta(doc('Branches that match a pattern have previews')),
      patterns: z
        .array(line.min(1).max(200))
        .min(1, 'Name at least one branch or pattern.')
        .max(50)
        .meta(doc('Names of branches; `*` stands for any text', ['release/*'])),
    }),
  ])
  .meta(doc('Branches that have previews'));
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

export const previewCheckModes = ['all', 'new'] as const;
export type PreviewChecks = (typeof previewCheckModes)[number];

const previewChecks = z.enum(previewCheckModes).meta({
  description:
    'Errors that fail the checks of previews, and with them pull requests: `all`, or only `new` ones, which production does not have. If the two cannot be compared, all errors count',
});

const pullRequestComments = z.boolean().meta({
  description:
    'Keeps one comment on every open pull request up to date: preview, changed pages, findings. The app needs `pull_requests: write`',
});

export const createProjectSchema = z
  .object({
    repositoryId: z.string().max(100).meta(doc('Repository of the project', 'rep_01h2xcejqtf2nbrexx3vqjhp41')),
    name: line
      .trim()
      .min(1, 'Give the project a name.')
      .max(80)
      .meta(doc('Name of the project, unique in the organization', 'Handbook')),
    productionBranch: line
      .min(1, 'Choose the production branch.')
      .max(255)
      .meta(doc('Branch that is published to production', 'main')),
    rootFolder: rootFolder.default(''),
    branchPreviews: branchPreviewsSchema.default({ mode: 'none' }),
    pullRequestPreviews: z.boolean().default(true).meta(doc('Whether pull requests have previews')),
    forkPreviews: z
      .boolean()
      .default(false)
      .meta(doc('Whether pull requests of forks have previews too: their authors choose what is published')),
    productionCommits: productionCommits.default('pull-request'),
    productionChecks: productionChecks.default('block'),
    previewChecks: previewChecks.default('all'),
    pullRequestComments: pullRequestComments.default(false),
  })
  .meta({ id: 'CreateProject', description: 'A project to create' });
export type CreateProject = z.output<typeof createProjectSchema>;

/** Omitted settings keep their value; the repository of a project cannot change. */
export const updateProjectSchema = z
  .object({
    name: createProjectSchema.shape.name.optional(),
    productionBranch: createProjectSchema.shape.productionBranch.optional(),
    rootFolder: rootFolder.optional(),
    branchPreviews: branchPreviewsSchema.optional(),
    pullRequestPreviews: z.boolean().optional().meta(doc('Whether pull requests have previews')),
    forkPreviews: z.boolean().optional().meta(doc('Whether pull requests of forks have previews too')),
    productionCommits: productionCommits.optional(),
    productionChecks: productionChecks.optional(),
    previewChecks: previewChecks.optional(),
    pullRequestComments: pullRequestComments.optional(),
  })
  .meta({ id: 'UpdateProject', description: 'Changed settings of a project. Omitted settings keep their value' });
export type UpdateProject = z.output<typeof updateProjectSchema>;

const syncStateSchema = z
  .object({
    state: z.enum(['waiting', 'synced', 'failed']).meta(doc('State of the content of the production branch')),
    commit: commitField.nullable().meta(doc('The synced commit; null before the first sync')),
    error: z.string().nullable().meta(doc('Why the last sync failed', 'The server does not answer.')),
    syncedAt: timestamp.nullable().meta(doc('When the commit was synced')),
    receivedObjects: z
      .number()
      .nullable()
      .meta(
        doc('Git objects that a running sync has received; null while none runs, and during its first second', 4200),
      ),
    receivedBytes: z
      .number()
      .nullable()
      .meta(doc('Bytes that a running sync has received; null as for `receivedObjects`', 18_000_000)),
    transport: z
      .enum(['git', 'rest'])
      .nullable()
      .meta(doc('How the commit was fetched: over Git, or over the REST API; null before the first sync', 'git')),
    transportReason: z
      .string()
      .nullable()
      .meta(doc('Why the commit was not fetched over Git; otherwise null', 'the server rejects Git over HTTP (403)')),
  })
  .meta({ id: 'SyncState', description: 'State of the sync of the production branch' });

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
    cause: z.string().nullable().meta(doc('What happened; null for `available`', 'The repository was archived.')),
    remedy: z
      .string()
      .nullable()
      .meta(doc('What to do; null for `available`', 'End the archiving on the server to publish changes.')),
  })
  .meta({ id: 'RepositoryState', description: 'Whether the bridge reaches the repository of a project on its server' });
export type RepositoryState = z.output<typeof repositoryStateSchema>;

export const projectSchema = z
  .object({
    id: idField('project', 'Id of the project'),
    version: z.int().meta(doc('Version of the settings; the ETag of the project', 3)),
    name: z.string().meta(doc('Name of the project', 'Handbook')),
    connectionId: idField('connection', 'Connection of its repository'),
    repositoryId: idField('repository', 'Its repository'),
    repository: z.string().meta(doc('`owner/name` on the server', 'acme/handbook')),
    formerRepository: z
      .string()
      .nullable()
      .meta(doc('`owner/name` before the last rename or transfer on the server', 'acme/docs')),
    repositoryState: repositoryStateSchema,
    productionBranch: branchField.meta(doc('Branch that is published to production', 'main')),
    rootFolder: z.string().meta(doc('Folder of the repository that is built; empty for all of it', 'docs')),
    branchPreviews: branchPreviewsSchema,
    pullRequestPreviews: z.boolean().meta(doc('Whether pull requests have previews')),
    forkPreviews: z.boolean().meta(doc('Whether pull requests of forks have previews too')),
    productionCommits,
    productionChecks,
    previewChecks,
    pullRequestComments,
    productionUrl: z
      .string()
      .nullable()
      .meta(
        doc('URL of the production site; null before the first deployment', 'https://prj01h2x.preview.example.com/'),
      ),
    sync: syncStateSchema,
    createdAt: timestamp.meta(doc('When the project was created')),
  })
  .meta({ id: 'Project', description: 'A site that is built from a folder of a repository' });
export type Project = z.output<typeof projectSchema>;

/** A folder's listing or a file's text, from the synced content of a branch. */
const contentEntrySchema = z
  .object({
    name: z.string().meta(doc('Name in the folder', 'start.md')),
    path: z.string().meta(doc('Path below the root folder of the project', 'guides/start.md')),
    kind: z.enum(['folder', 'file', 'symlink', 'submodule']).meta(doc('Kind of the entry')),
  })
  .meta({ id: 'ContentEntry', description: 'An entry of a folder' });
export const contentSchema = z
  .object({
    branch: branchField,
    commit: commitField.meta(doc('Synced commit of the branch')),
    path: z.string().meta(doc('Path below the root folder of the project', 'guides/start.md')),
    kind: z.enum(['folder', 'file', 'symlink', 'submodule']).meta(doc('Kind of the object at the path')),
    entries: z.array(contentEntrySchema).optional().meta(doc('Entries of a folder')),
    text: z
      .string()
      .nullable()
      .optional()
      .meta(doc('Text of a file; null if it is binary or too large to show', '# Getting started')),
    bytes: z.number().optional().meta(doc('Size of a file, in bytes', 18)),
    image: z
      .string()
      .optional()
      .meta(
        doc('PNG, JPEG, GIF, WebP or AVIF file of at most 1 MB, as a `data:` URL', 'data:image/gif;base64,R0lGODlh'),
      ),
    executable: z.boolean().optional().meta(doc('For files only')),
  })
  .meta({ id: 'Content', description: 'The listing of a folder or the text of a file' });
export type Content = z.output<typeof contentSchema>;
