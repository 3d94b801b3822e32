import { z } from 'zod';
import { branchField, commitField, doc, idField, loginField } from './fields.js';
import { branchNameViolation } from './branch-name.rules.js';
import { line } from './line.js';
import { timestamp } from './timestamp.js';

export const commitId = z
  .string()
  .max(40)
  .regex(/^[0-9a-f]{40}$/, 'A commit is named by its 40 hexadecimal digits.');

/** Name of a branch to write to. */
export const branchName = line
  .trim()
  .max(255)
  .superRefine((name, context) => {
    const violation = branchNameViolation(name);
    if (violation !== null) context.addIssue({ code: 'custom', message: violation });
  });

/**
 * Name of an existing branch, which may not follow our rules. Names that git rejects for every ref are dangerous: `..` in an address,
 * `owner:branch` to a fork.
 */
export const existingBranch = line
  .max(255)
  .refine((name) => !/\.\.|[ ~^:?*[\\]|(?:^|\/)(?:[./]|$)/.test(name), 'No branch has such a name.');

/** Upper bound of COMMIT_MAX_FILES, checked before the changes themselves are. */
export const MAX_FILE_CHANGES = 1_000;

/** Upper bound for the text of a file; COMMIT_MAX_FILE_BYTES sets the limit. */
const MAX_FILE_CHARACTERS = 67_108_864;

/** Longest name of a file or folder on common file systems. */
const NAME_BYTES = 255;

/** Below the project's root folder; further rules of git are checked when the commit is planned. */
const filePath = line
  .max(1_024)
  .refine(
    (path) =>
      !path.includes('\\') &&
      path.split('/').every((name) => {
        const bytes = new TextEncoder().encode(name).length;
        return bytes > 0 && bytes <= NAME_BYTES && !['.', '..', '.git'].includes(name.toLowerCase());
      }),
    'The path must lead to a file inside the project, such as guides/start.md.',
  )
  .meta(doc('Path below the root folder of the project', 'guides/start.md'));

const content = {
  content: z.string().max(MAX_FILE_CHARACTERS).optional().meta(doc('The whole file', '# Getting started')),
  encoding: z.enum(['utf-8', 'base64']).default('utf-8').meta(doc('Encoding of `content`')),
  upload: z
    .string()
    .max(30)
    .regex(/^upl_[0-9a-z]{26}$/, 'Enter the id of an upload.')
    .optional()
    .meta(doc('Id of an upload that has the whole file, instead of `content`', 'upl_01h2xcejqtf2nbrexx3vqjhp41')),
};
const executable = z.boolean().optional().meta(doc('Default: unchanged; false for a new file'));

const fileChangeSchema = z
  .discriminatedUnion('action', [
    z
      .object({
        action: z.literal('write').meta(doc('Creates or replaces a file')),
        path: filePath,
        ...content,
        executable,
      })
      .refine((change) => (change.content === undefined) !== (change.upload === undefined), {
        path: ['content'],
        message: 'Send either content or upload.',
      }),
    z.object({ action: z.literal('delete').meta(doc('Deletes a file')), path: filePath }),
    z
      .object({
        action: z.literal('rename').meta(doc('Renames a file, and may change its content')),
        from: filePath.meta(doc('Previous path', 'guides/old.md')),
        path: filePath,
        ...content,
        executable,
      })
      .refine((change) => change.content === undefined || change.upload === undefined, {
        path: ['content'],
        message: 'Send content or upload, not both.',
      }),
    z.object({
      action: z.literal('chmod').meta(doc('Changes whether a file is executable')),
      path: filePath,
      executable: z.boolean().meta(doc('Whether the file is executable')),
    }),
  ])
  .meta({ id: 'FileChange', description: 'A change of a file' });
export type FileChange = z.output<typeof fileChangeSchema>;

export const createCommitSchema = z
  .object({
    branch: branchName.meta(doc('Branch to commit to', 'feature/search')),
    newBranch: z.boolean().default(false).meta(doc('Creates the branch from `expectedHead`')),
    expectedHead: commitId.meta(
      doc(
        'The commit that the changes are based on. Nothing is written if the branch is at another one',
        '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
      ),
    ),
    message: z
      .string()
      .overwrite((text) => text.replace(/\r\n?/g, '\n'))
      .trim()
      .min(1, 'Say what the commit does.')
      .max(10_000)
      .refine((text) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(text), 'A message holds no control characters.')
      .meta(doc('Message of the commit', 'Explain how to search')),
    changes: z
      .array(fileChangeSchema)
      .min(1, 'Change something first.')
      .max(MAX_FILE_CHANGES, `A commit has at most ${MAX_FILE_CHANGES} files.`)
      .meta(
        doc('Changes of files, at most one for each path', [
          { action: 'write', path: 'guides/start.md', content: '# Getting started' },
        ]),
      ),
  })
  .meta({ id: 'CreateCommit', description: 'Changes of files that become one commit' });
export type CreateCommit = z.output<typeof createCommitSchema>;

/** A file that was uploaded before the commit that refers to it. */
export const uploadSchema = z
  .object({
    id: idField('upload', 'Id of the upload'),
    size: z.number().int().meta(doc('In bytes', 48_213)),
    sha256: z
      .string()
      .meta(
        doc('SHA-256 of the bytes, in hexadecimal', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
      ),
    expiresAt: timestamp.meta(doc('The upload is deleted then, or once a commit contains it')),
  })
  .meta({ id: 'Upload', description: 'A file that was uploaded for a later commit' });
export type Upload = z.output<typeof uploadSchema>;

/** A created commit and the author that the server shows. */
export const madeCommitSchema = z
  .object({
    branch: branchField,
    commit: commitField,
    author: loginField.nullable().meta(doc('Login of the account on the server; null if the author is the app')),
  })
  .meta({ id: 'MadeCommit', description: 'A created commit, and the author that the server shows' });
export type MadeCommit = z.output<typeof madeCommitSchema>;

export const createBranchSchema = z
  .object({
    name: branchName.meta(doc('Name of the new branch', 'feature/search')),
    from: existingBranch.optional().meta(doc('A branch or a commit. Default: the production branch', 'main')),
  })
  .meta({ id: 'CreateBranch', description: 'A branch to create' });
export type CreateBranch = z.output<typeof createBranchSchema>;

export const deleteBranchQuerySchema = z.object({
  name: existingBranch.meta(doc('Name of the branch', 'feature/search')),
  closePullRequests: z
    .enum(['true', 'false'])
    .default('false')
    .meta(doc('Delete it even if pull requests with it as head or base are open: the server closes them')),
});
export type DeleteBranchQuery = z.output<typeof deleteBranchQuerySchema>;

export const syncBranchSchema = z
  .object({ name: branchName.meta(doc('Name of the branch', 'feature/search')) })
  .meta({ id: 'SyncBranch', description: 'The branch to merge the production branch into' });
export type SyncBranch = z.output<typeof syncBranchSchema>;

/** Result of merging the production branch into another branch. */
export const syncedBranchSchema = z
  .object({
    outcome: z.enum(['merged', 'up-to-date']).meta(doc('`up-to-date`: there was nothing to merge')),
    commit: commitField.meta(doc('Head of the branch afterwards')),
  })
  .meta({ id: 'SyncedBranch', description: 'The result of merging the production branch into another branch' });
export type SyncedBranch = z.output<typeof syncedBranchSchema>;
