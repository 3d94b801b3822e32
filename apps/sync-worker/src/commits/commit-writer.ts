import { CodedError } from '@reunite/contracts';
import {
  createBlob,
  createBlobFromPieces,
  createCommit,
  createCommitOnBranch,
  createRef,
  createTree,
  getRepository,
  moveRef,
  GhesUnsupportedVersionError,
  updateRef,
} from '@reunite/ghes-client';
import type { NewTreeEntry } from '@reunite/ghes-client';
import { messageParts } from '@reunite/repositories';
import type { CommitPlan, PlannedWrite, StoredCommitRequest, UploadReference } from '@reunite/repositories';
import type { ActorAccess } from '../connections/actor-access.js';

/** The server created another tree than planned. No branch refers to it. */
class TreeMismatchError extends CodedError {
  readonly code = 'tree-mismatch';
}

export interface PlannedCommit {
  readonly request: Omit<StoredCommitRequest, 'result' | 'begun'>;
  readonly plan: CommitPlan;
  readonly baseTree: string;
  readonly message: string;
}

/** Reads the pieces of an upload from its start. */
export type ReadUpload = (upload: UploadReference) => AsyncIterable<Buffer>;

/** Text up to this size is sent with its tree; larger and binary files are sent in requests of their own. */
const INLINE_BYTES = 100_000;

/** In sequence, blobs could take longer than the caller waits; more at a time exceed secondary rate limits. */
const BLOB_CONCURRENCY = 6;

/**
 * Writes a commit to its branch.
 *
 * @param branchNodeId `node_id` of the branch; empty for a new branch, and if the server has none
 * @param readUpload reads the uploads that the commit contains
 * @returns the commit's id
 * @throws GhesConflictError if the branch is not at the expected head
 */
export function writeCommit(
  access: ActorAccess,
  commit: PlannedCommit,
  branchNodeId: string,
  readUpload: ReadUpload,
): Promise<string> {
  return fitsGraphql(commit)
    ? writeByGraphql(access, commit, branchNodeId)
    : writeByObjects(access, commit, readUpload);
}

/** `createCommitOnBranch` only writes whole files of mode 100644 to an existing branch, in one JSON text without uploads. */
function fitsGraphql({ request, plan }: PlannedCommit): boolean {
  if (request.newBranch || plan.changesModes || request.changes.some(({ executable }) => executable !== null))
    return false;
  return plan.writes.every(({ mode, content }) => mode === '100644' && content !== null);
}

async function writeByGraphql(
  { client, name }: ActorAccess,
  { request, plan, message }: PlannedCommit,
  branchNodeId: string,
): Promise<string> {
  const { headline, body } = messageParts(message);
  // GraphQL has no route under the repository's id, but the id of a branch names its repository.
  const isById = client.repositoryAddressing() === 'by-id' && branchNodeId !== '';
  const { oid } = await createCommitOnBranch(client, {
    ...name,
    ...(isById && { branchNodeId }),
    branch: request.branch,
    expectedHeadOid: request.expectedHead,
    headline,
    body: body === '' ? undefined : body,
    additions: plan.writes.flatMap(({ path, content }) => (content ? [{ path, contents: content }] : [])),
    deletions: plan.removals,
  });
  return oid;
}

/**
 * Writes blobs, tree and commit, and then the branch, so that nothing is visible before. A branch that moved from
 * `expectedHead` is not moved, and an existing branch is not replaced by a new one.
 */
async function writeByObjects(access: ActorAccess, commit: PlannedCommit, readUpload: ReadUpload): Promise<string> {
  const { client, name } = access;
  const { request, plan, baseTree, message } = commit;
  const entries: NewTreeEntry[] = plan.removals.map((path) => ({ path, mode: '100644', type: 'blob', sha: null }));
  for (let at = 0; at < plan.writes.length; at += BLOB_CONCURRENCY) {
    const batch = plan.writes.slice(at, at + BLOB_CONCURRENCY);
    entries.push(...(await Promise.all(batch.map((write) => entryOf(access, write, readUpload)))));
  }
  const tree = await createTree(client, { ...name, baseTree, tree: entries });
  if (tree.sha !== plan.tree) {
    throw new TreeMismatchError('Nothing was written: the server created other files than requested.');
  }
  const parents = [request.expectedHead];
  const { sha } = await createCommit(client, { ...name, message, tree: tree.sha, parents });
  if (request.newBranch) await createRef(client, { ...name, ref: `heads/${request.branch}`, sha });
  else await moveBranch(access, request, sha);
  return sha;
}

/**
 * Moves a branch from its expected head. GHES before 3.14 only rejects non-fast-forwards: a concurrent force-push to an
 * ancestor is overwritten.
 */
async function moveBranch(
  { client, name }: ActorAccess,
  { branch, expectedHead }: PlannedCommit['request'],
  commit: string,
): Promise<void> {
  const ref = `heads/${branch}`;
  try {
    const { node_id: repositoryNodeId } = await getRepository(client, name);
    await moveRef(client, { ...name, repositoryNodeId, ref, from: expectedHead, to: commit });
  } catch (error) {
    if (!(error instanceof GhesUnsupportedVersionError)) throw error;
    await updateRef(client, { ...name, ref, sha: commit });
  }
}

async function entryOf(
  { client, name }: ActorAccess,
  { path, mode, id, content, upload }: PlannedWrite,
  readUpload: ReadUpload,
): Promise<NewTreeEntry> {
  if (upload !== null) {
    const blob = { ...name, size: upload.size, pieces: () => readUpload(upload) };
    return { path, mode, type: 'blob', sha: (await createBlobFromPieces(client, blob)).sha };
  }
  if (content === null) return { path, mode, type: 'blob', sha: id };
  const text = content.length <= INLINE_BYTES ? content.toString('utf8') : '';
  if (content.equals(Buffer.from(text))) return { path, mode, type: 'blob', content: text };
  return { path, mode, type: 'blob', sha: (await createBlob(client, { ...name, content })).sha };
}
