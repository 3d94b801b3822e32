import { InvalidInputError } from '@reunite/contracts';
import type { FileChange, InputViolation } from '@reunite/contracts';
import type { ClaimedUploads, RequestedChange, UploadReference } from '@reunite/repositories';
import type { CommitLimits } from '../../settings.js';

/** Without a repeated group: V8 needs stack for those, and a file of ten megabytes overflows it. */
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

/**
 * Decodes the changes of a commit and places them below the root folder of the project.
 *
 * @param uploads the uploads of the caller for this project
 * @throws InvalidInputError if a limit is exceeded, a content is not valid base64 or UTF-8, or an upload cannot be used
 */
export function requestedChanges(
  changes: readonly FileChange[],
  rootFolder: string,
  limits: CommitLimits,
  uploads: ClaimedUploads = new Map(),
): RequestedChange[] {
  if (changes.length > limits.files)
    throw tooMuch(`A commit has at most ${limits.files} files; this one has ${changes.length}.`);
  const violations: InputViolation[] = [];
  const used = new Set<string>();
  const inRepository = (path: string) => (rootFolder === '' ? path : `${rootFolder}/${path}`);
  const requested = changes.map((change, index): RequestedChange => {
    const content = bytesOf(change);
    if (content === undefined)
      violations.push({ path: `changes.${index}.content`, message: `${change.path}: it is no ${kindOf(change)}.` });
    if (content && content.length > limits.fileBytes) {
      const message = `${change.path}: it has ${content.length} bytes; the limit is ${limits.fileBytes}. Upload larger files before the commit.`;
      violations.push({ path: `changes.${index}.content`, message });
    }
    const upload = uploadOf(change, uploads, used);
    if (typeof upload === 'string')
      violations.push({ path: `changes.${index}.upload`, message: `${change.path}: ${upload}` });
    return {
      action: change.action,
      path: inRepository(change.path),
      from: 'from' in change ? inRepository(change.from) : null,
      content: content ?? null,
      upload: typeof upload === 'string' ? null : upload,
      executable: ('executable' in change ? change.executable : undefined) ?? null,
    };
  });
  if (violations.length > 0)
    throw new InvalidInputError(violations.map(({ message }) => message).join(' '), violations);
  const total = requested.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  if (total > limits.totalBytes)
    throw tooMuch(`The files have ${total} bytes in total; the limit is ${limits.totalBytes}.`);
  return requested;
}

/** Returns null if the change has no content, undefined if its content is malformed. */
function bytesOf(change: FileChange): Buffer | null | undefined {
  if (!('content' in change) || change.content === undefined) return null;
  const { content, encoding } = change;
  if (encoding === 'base64') return isBase64(content) ? Buffer.from(content, 'base64') : undefined;
  // A lone surrogate would be encoded as U+FFFD.
  return /\p{Cs}/u.test(content) ? undefined : Buffer.from(content);
}

/** Returns the upload of a change, null if it has none, or why the upload cannot be used. */
function uploadOf(change: FileChange, uploads: ClaimedUploads, used: Set<string>): UploadReference | string | null {
  if (!('upload' in change) || change.upload === undefined) return null;
  const claimed = uploads.get(change.upload);
  if (claimed === undefined) return 'you have no such upload in this project. It may have expired, or be in a commit.';
  if (claimed.state === 'expired') return 'the upload has expired. Upload the file again.';
  if (claimed.state === 'incomplete') return 'the upload is not complete.';
  // A small request could make the worker send the same bytes hundreds of times.
  if (used.has(change.upload)) return 'another file of this commit has this upload.';
  used.add(change.upload);
  return claimed.upload;
}

function isBase64(content: string): boolean {
  return content.length % 4 === 0 && BASE64.test(content);
}

function kindOf(change: FileChange): string {
  return 'encoding' in change && change.encoding === 'base64' ? 'base64' : 'text';
}

function tooMuch(message: string): InvalidInputError {
  return new InvalidInputError(message, [{ path: 'changes', message }]);
}
