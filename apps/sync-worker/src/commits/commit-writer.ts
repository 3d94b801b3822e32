import { CodedError } from '@reunite/contracts';
import {
  createBlob,
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
import type { CommitPlan, HeldCommitRequest, PlannedWrite } from '@reunite/repositories';
import { messageParts } from './commit-message.rules.js';
import type { WriteAccess } from './repository-writes.js';

/** The server made something else of the files than was planned; no branch leads to it. */
class TreeMismatchError extends CodedError {
  readonly code = 'tree-mismatch';
}

export interface PlannedCommit {
  readonly request: Omit<HeldCommitRequest, 'result' | 'begun'>;
  readonly plan: CommitPlan;
  readonly baseTree: string;
  readonly message: string;
}

/** Text up to this size goes with its tree; more than that, or what is no text, in a request of its own. */
const INLINE_BYTES = 100_000;

/** One after the other they may take longer than a person waits; more at once is what servers call abuse. */
const BLOBS_AT_ONCE = 6;

/**
 * Writes the commit, if the branch still stands where it is expected. @returns its id
 *
 * @throws ConflictError of the client when the branch has moved
 */
export function writeCommit(access: WriteAccess, commit: PlannedCommit): Promise<string> {
  return isOneCall(commit) ? byGraphql(access, commit) : byObjects(access, commit);
}

/** GraphQL writes whole files of mode 100644 to a branch that is there. */
function isOneCall({ request, plan }: PlannedCommit): boolean {
  if (request.newBranch || plan.changesModes || request.changes.some(({ executable }) => executable !== null))
    return false;
  return plan.writes.every(({ mode, content }) => mode === '100644' && content !== null);
}

async function byGraphql({ client, name }: WriteAccess, { request, plan, message }: PlannedCommit): Promise<string> {
  const { headline, body } = messageParts(message);
  const { oid } = await createCommitOnBranch(client, {
    ...{ ...name, branch: request.branch, expectedHeadOid: request.expectedHead, headline },
    body: body === '' ? undefined : body,
    additions: plan.writes.flatMap(({ path, content }) => (content ? [{ path, contents: content }] : [])),
    deletions: plan.removals,
  });
  return oid;
}

/**
 * Blobs, tree and commit, and the branch last: until then nobody sees anything. A branch that left `expectedHead` is not moved,
 * and one that is to be new not made where there is one.
 */
async function byObjects(access: WriteAccess, commit: PlannedCommit): Promise<string> {
  const { client, name } = access;
  const { request, plan, baseTree, message } = commit;
  const entries: NewTreeEntry[] = plan.removals.map((path) => ({ path, mode: '100644', type: 'blob', sha: null }));
  for (let at = 0; at < plan.writes.length; at += BLOBS_AT_ONCE) {
    const some = plan.writes.slice(at, at + BLOBS_AT_ONCE);
    entries.push(...(await Promise.all(some.map((write) => entryOf(access, write)))));
  }
  const tree = await createTree(client, { ...name, baseTree, tree: entries });
  if (tree.sha !== plan.tree) {
    throw new TreeMismatchError('Nothing was written: the server made other files than these of the request.');
  }
  const parents = [request.expectedHead];
  const { sha } = await createCommit(client, { ...name, message, tree: tree.sha, parents });
  if (request.newBranch) await createRef(client, { ...name, ref: `heads/${request.branch}`, sha });
  else await moveBranch(access, request, sha);
  return sha;
}

/**
 * Servers before 3.14 only ask that the commit comes after what the branch has then: there, who forces the branch backwards between
 * our look and this is overruled.
 */
async function moveBranch(
  { client, name }: WriteAccess,
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

async function entryOf({ client, name }: WriteAccess, write: PlannedWrite): Promise<NewTreeEntry> {
  const { path, mode, id, content } = write;
  if (content === null) return { path, mode, type: 'blob', sha: id };
  const text = content.length <= INLINE_BYTES ? content.toString('utf8') : '';
  if (content.equals(Buffer.from(text))) return { path, mode, type: 'blob', content: text };
  return { path, mode, type: 'blob', sha: (await createBlob(client, { ...name, content })).sha };
}
