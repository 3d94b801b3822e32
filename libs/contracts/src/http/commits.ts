import { z } from 'zod';
import { branchNameViolation } from './branch-name.rules.js';
import { line } from './line.js';

const commitId = z
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
const filePath = line.max(1_024).refine(
  (path) =>
    !path.includes('\\') &&
    path.split('/').every((name) => {
      const bytes = new TextEncoder().encode(name).length;
      return bytes > 0 && bytes <= NAME_BYTES && !['.', '..', '.git'].includes(name.toLowerCase());
    }),
  'The path must lead to a file inside the project, such as guides/start.md.',
);

const content = {
  content: z.string().max(MAX_FILE_CHARACTERS).optional().meta({ description: 'The whole file' }),
  encoding: z.enum(['utf-8', 'base64']).default('utf-8'),
  upload: z
    .string()
    .max(30)
    .regex(/^upl_[0-9a-z]{26}$/, 'Enter the id of an upload.')
    .optional()
    .meta({ description: 'Id of an upload that has the whole file, instead of `content`' }),
};
const executable = z.boolean().optional().meta({ description: 'Default: unchanged; false for a new file' });

const fileChangeSchema = z
  .discriminatedUnion('action', [
    z
      .object({ action: z.literal('write'), path: filePath, ...content, executable })
      .refine((change) => (change.content === undefined) !== (change.upload === undefined), {
        path: ['content'],
        message: 'Send either content or upload.',
      }),
    z.object({ action: z.literal('delete'), path: filePath }),
    z
      .object({ action: z.literal('rename'), from: filePath, path: filePath, ...content, executable })
      .refine((change) => change.content === undefined || change.upload === undefined, {
        path: ['content'],
        message: 'Send content or upload, not both.',
      }),
    z.object({ action: z.literal('chmod'), path: filePath, executable: z.boolean() }),
  ])
  .meta({ id: 'FileChange' });
export type FileChange = z.output<typeof fileChangeSchema>;

export const createCommitSchema = z
  .object({
    branch: branchName,
    newBranch: z.boolean().default(false).meta({ description: 'Creates the branch from `expectedHead`' }),
    expectedHead: commitId.meta({
      description: 'The commit that the changes are based on. Nothing is written if the branch is at another one',
    }),
    message: z
      .string()
      .overwrite((text) => text.replace(/\r\n?/g, '\n'))
      .trim()
      .min(1, 'Say what the commit does.')
      .max(10_000)
      .refine((text) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(text), 'A message holds no control characters.'),
    changes: z
      .array(fileChangeSchema)
      .min(1, 'Change something first.')
      .max(MAX_FILE_CHANGES, `A commit has at most ${MAX_FILE_CHANGES} files.`),
  })
  .meta({ id: 'CreateCommit' });
export type CreateCommit = z.output<typeof createCommitSchema>;

/** A file that was uploaded before the commit that refers to it. */
export const uploadSchema = z
  .object({
    id: z.string(),
    size: z.number().int().meta({ description: 'In bytes' }),
    sha256: z.string().meta({ description: 'SHA-256 of the bytes, in hexadecimal' }),
    expiresAt: z.iso.datetime().meta({ description: 'The upload is deleted then, or once a commit contains it' }),
  })
  .meta({ id: 'Upload' });
export type Upload = z.output<typeof uploadSchema>;

/** A created commit and the author that the server shows. */
export const madeCommitSchema = z
  .object({
    branch: z.string(),
    commit: z.string(),
    author: z
      .string()
      .nullable()
      .meta({ description: 'Login of the account on the server; null if the author is the app' }),
  })
  .meta({ id: 'MadeCommit' });
export type MadeCommit = z.output<typeof madeCommitSchema>;

export const createBranchSchema = z
  .object({
    name: branchName,
    from: existingBranch.optional().meta({ description: 'A branch or a commit. Default: the production branch' }),
  })
  .meta({ id: 'CreateBranch' });
export type CreateBranch = z.output<typeof createBranchSchema>;

export const deleteBranchQuerySchema = z.object({
  name: existingBranch,
  closePullRequests: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Delete it even if pull requests with it as head or base are open: the server closes them' }),
});
export type DeleteBranchQuery = z.output<typeof deleteBranchQuerySchema>;

export const syncBranchSchema = z.object({ name: branchName }).meta({ id: 'SyncBranch' });
export type SyncBranch = z.output<typeof syncBranchSchema>;

/** Result of merging the production branch into another branch. */
export const syncedBranchSchema = z
  .object({ outcome: z.enum(['merged', 'up-to-date']), commit: z.string() })
  .meta({ id: 'SyncedBranch' });
export type SyncedBranch = z.output<typeof syncedBranchSchema>;
