import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesConflictError } from '../errors/conflict.error.js';
import type { GhesErrorCode } from '../errors/ghes.error.js';
import { GhesError } from '../errors/ghes.error.js';
import { getRef } from '../operations/git-refs.js';
import type { RepositoryName } from '../operations/repositories.js';
import { missingCapability, requireCapability } from '../server-versions.rules.js';

/** A ref to move forward, and where it is thought to be. */
export interface RefMove extends RepositoryName {
  /** `node_id` of the repository as REST gives it. */
  repositoryNodeId: string;
  /** Without `refs/`, as for the operations of REST: `heads/main`. */
  ref: string;
  /** Where the ref is thought to be; elsewhere nothing is written. */
  from: string;
  /** A commit that comes after `from`. */
  to: string;
}

const mutation = `mutation($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

const resultSchema = z.looseObject({ updateRefs: z.looseObject({}) });

/** How a server says that its schema has no such mutation; it names the type of the input first if that is missing, too. */
const unknownMutation = /'updateRefs' doesn't exist on type|UpdateRefsInput isn't a defined input type/;

/** After these it is open whether the ref was moved, or by whom. */
const openOutcomes: readonly GhesErrorCode[] = [
  'ghes-conflict',
  'ghes-validation',
  'ghes-server-error',
  'ghes-unreachable',
  'ghes-malformed-response',
];

/**
 * [updateRefs](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#updaterefs): moves a ref forward, and only if
 * it is where it is expected. `updateRef` of REST has no such condition: it undoes what somebody forced backwards meanwhile. Needs
 * `contents: write`, and 3.14 or later.
 *
 * @throws GhesConflictError if the ref is elsewhere, or gone
 * @throws GhesUnsupportedVersionError if the server is older; nothing was written
 */
export async function moveRef(client: GhesClient, move: RefMove): Promise<void> {
  requireCapability(client.serverVersion(), 'moveRefFromExpected');
  const { repositoryNodeId: repositoryId, ref, from: beforeOid, to: afterOid } = move;
  const refUpdates = [{ name: `refs/${ref}`, beforeOid, afterOid, force: false }];
  try {
    await client.graphql(mutation, { input: { repositoryId, refUpdates } }, resultSchema);
  } catch (error) {
    await settle(client, move, error);
  }
}

/** Which error a ref gives that has moved is not documented, so where it stands decides. */
async function settle(client: GhesClient, move: RefMove, error: unknown): Promise<void> {
  if (!(error instanceof GhesError) || !openOutcomes.includes(error.code)) throw error;
  if (unknownMutation.test(error.message)) throw missingCapability(client.serverVersion(), 'moveRefFromExpected');
  const { ref, from, to } = move;
  const at = await placeOf(client, move, error);
  if (at === to) return;
  if (at === from) throw error;
  const details = { status: error.status, requestId: error.requestId, cause: error };
  throw new GhesConflictError(`refs/${ref} was to be moved from ${from}, and is ${at ?? 'gone'}.`, details);
}

/** Null where there is no such ref any more. @throws the error before, where the ref cannot be read */
async function placeOf(client: GhesClient, move: RefMove, before: GhesError): Promise<string | null> {
  try {
    return (await getRef(client, move)).object.sha;
  } catch (error) {
    if (error instanceof GhesError && error.code === 'ghes-not-found') return null;
    throw before;
  }
}
