import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesConflictError } from '../errors/conflict.error.js';
import type { GhesErrorCode } from '../errors/ghes.error.js';
import { GhesError } from '../errors/ghes.error.js';
import { getRef } from '../operations/git-refs.js';
import type { RepositoryName } from '../operations/repositories.js';
import { missingCapability, requireCapability } from '../server-versions.rules.js';

/** A ref to move forward, with its expected target. */
export interface RefMove extends RepositoryName {
  /** `node_id` of the repository as REST gives it. */
  readonly repositoryNodeId: string;
  /** Without `refs/`, as in the REST operations: `heads/main`. */
  readonly ref: string;
  /** The expected target of the ref; nothing is written if it is another one. */
  readonly from: string;
  /** A descendant of `from`. */
  readonly to: string;
}

const MUTATION = `mutation($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

const resultSchema = z.looseObject({ updateRefs: z.looseObject({}) });

/** Messages of a server whose schema lacks the mutation or the type of its input. */
const UNKNOWN_MUTATION = /'updateRefs' doesn't exist on type|UpdateRefsInput isn't a defined input type/;

/** Errors that leave open whether the ref was moved. */
const UNCLEAR_OUTCOMES: readonly GhesErrorCode[] = [
  'ghes-conflict',
  'ghes-validation',
  'ghes-server-error',
  'ghes-unreachable',
  'ghes-malformed-response',
];

/**
 * [updateRefs](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#updaterefs): moves a ref
 * forward if it has the expected target. `updateRef` of REST has no such condition: it undoes a concurrent force-push
 * to an ancestor. Needs `contents: write`, and version 3.14 or later.
 *
 * @throws GhesConflictError if the ref has another target or was deleted
 * @throws GhesUnsupportedVersionError if the server is older; nothing was written
 */
export async function moveRef(client: GhesClient, move: RefMove): Promise<void> {
  requireCapability(client.serverVersion(), 'moveRefFromExpected');
  const { repositoryNodeId: repositoryId, ref, from: beforeOid, to: afterOid } = move;
  const refUpdates = [{ name: `refs/${ref}`, beforeOid, afterOid, force: false }];
  try {
    await client.graphql(MUTATION, { input: { repositoryId, refUpdates } }, resultSchema);
  } catch (error) {
    await resolveOutcome(client, move, error);
  }
}

/** The error for a ref that has moved is not documented, so the ref's current target decides. */
async function resolveOutcome(client: GhesClient, move: RefMove, error: unknown): Promise<void> {
  if (!(error instanceof GhesError) || !UNCLEAR_OUTCOMES.includes(error.code)) throw error;
  if (UNKNOWN_MUTATION.test(error.message)) throw missingCapability(client.serverVersion(), 'moveRefFromExpected');
  const { ref, from, to } = move;
  const target = await targetOf(client, move, error);
  if (target === to) return;
  if (target === from) throw error;
  const details = { status: error.status, requestId: error.requestId, cause: error };
  throw new GhesConflictError(
    `refs/${ref} was expected at ${from}, but is ${target === null ? 'deleted' : `at ${target}`}.`,
    details,
  );
}

/** Returns null if the ref does not exist. @throws `before` if the ref cannot be read */
async function targetOf(client: GhesClient, move: RefMove, before: GhesError): Promise<string | null> {
  try {
    return (await getRef(client, move)).object.sha;
  } catch (error) {
    if (error instanceof GhesError && error.code === 'ghes-not-found') return null;
    throw before;
  }
}
