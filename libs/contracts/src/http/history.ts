import { z } from 'zod';
import { commitId } from './commits.js';
import { commitField, doc } from './fields.js';
import { line } from './line.js';
import { forwardPageOf, forwardPageQuerySchema, pageOf, pageQuerySchema } from './pages.js';
import { contentQuerySchema } from './queries.js';

const branch = line.max(255).optional().meta(doc('Default: the production branch', 'main'));
const from = commitId
  .optional()
  .meta(doc('Commit to compare with. Default: the first parent of `to`', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'));
const to = commitId
  .optional()
  .meta(doc('Commit of the branch. Default: its synced commit', '9b825dc642cb6eb9a060e54bf8d69288fbee4905'));

export const fileVersionQuerySchema = forwardPageQuerySchema.extend(contentQuerySchema.shape);
export type FileVersionQuery = z.output<typeof fileVersionQuerySchema>;

export const fileVersionSchema = z
  .object({
    commit: commitField.meta(doc('Commit that changed the file')),
    message: z.string().meta(doc('Message of the commit', 'Explain how to search')),
    author: z.string().meta(doc('Login or name of the author', 'octocat')),
    authoredAt: z.string().nullable().meta(doc('When it was authored', '2026-11-30T09:15:00Z')),
    htmlUrl: z
      .string()
      .nullable()
      .meta(
        doc('Page on the server; null if it did not answer', 'https://ghes.example.com/acme/handbook/commit/4b825dc'),
      ),
    stored: z
      .boolean()
      .meta(doc('True if the bridge has the content of this commit. Other content is fetched on demand')),
  })
  .meta({ id: 'FileVersion', description: 'A commit that changed a file or folder' });
export type FileVersion = z.output<typeof fileVersionSchema>;

export const fileVersionPageSchema = forwardPageOf(fileVersionSchema, 'FileVersionPage');

const fileChanges = ['added', 'modified', 'removed', 'unchanged'] as const;
const bytes = z.number().nullable();

const changedFile = {
  path: z.string().meta(doc('Path below the root folder of the project', 'guides/start.md')),
  change: z.enum(fileChanges).meta(doc('Kind of the change')),
  kind: z.enum(['file', 'symlink', 'submodule']).meta(doc('Kind of the object, of the newer side if both have one')),
  bytesBefore: bytes.meta(doc('Size in `from`; null if it is absent there, and for submodules', 18)),
  bytesAfter: bytes.meta(doc('Size in `to`; null if it is absent there, and for submodules', 24)),
};

export const changedFileSchema = z
  .object(changedFile)
  .meta({ id: 'ChangedFile', description: 'A file that differs between two snapshots' });
export type ChangedFile = z.output<typeof changedFileSchema>;

export const snapshotDiffQuerySchema = pageQuerySchema.extend({ branch, from, to });
export type SnapshotDiffQuery = z.output<typeof snapshotDiffQuerySchema>;

const sides = {
  from: commitField.nullable().meta(doc('Compared commit; null if `to` is the first commit')),
  to: commitField.meta(doc('Commit of the branch')),
};

export const snapshotDiffSchema = pageOf(changedFileSchema, 'SnapshotDiff')
  .extend(sides)
  .meta({ id: 'SnapshotDiff', description: 'A page of the files that differ between two snapshots, by path' });
export type SnapshotDiff = z.output<typeof snapshotDiffSchema>;

export const fileDiffQuerySchema = z.object({
  path: line
    .min(1, 'Name the file.')
    .max(4_096)
    .meta(doc('Path below the root folder of the project', 'guides/start.md')),
  branch,
  from,
  to,
});
export type FileDiffQuery = z.output<typeof fileDiffQuerySchema>;

export const fileDiffSchema = z
  .object({
    ...sides,
    ...changedFile,
    patch: z.string().nullable().meta(doc('Unified diff without file headers', '@@ -1 +1 @@\n-Old\n+New')),
    patchMissing: z
      .enum(['binary', 'too-large', 'unchanged'])
      .nullable()
      .meta(doc('Reason for an absent patch. `too-large`: the file or its difference is too large to compute')),
  })
  .meta({ id: 'FileDiff', description: 'The difference of a file between two snapshots' });
export type FileDiff = z.output<typeof fileDiffSchema>;

export const archiveQuerySchema = z.object({
  branch,
  commit: commitId
    .optional()
    .meta(doc('Commit of the branch. Default: its synced commit', '4b825dc642cb6eb9a060e54bf8d69288fbee4904')),
});
export type ArchiveQuery = z.output<typeof archiveQuerySchema>;
