import { ForbiddenError, InvalidInputError } from '@reunite/contracts';
import { getBranch, getRef, GhesError, GhesForbiddenError } from '@reunite/ghes-client';
import type { ActorAccess } from '../connections/actor-access.js';
import { serverMessage } from '../interactive/user-message.js';

type Reach = Pick<ActorAccess, 'client' | 'name'>;

/**
 * Returns the commit of a branch on the server, or null if there is no such branch. Tags of the same name do not count.
 */
export async function headOf(access: Reach, branch: string): Promise<string | null> {
  return (await branchOf(access, branch))?.commit ?? null;
}

/** Returns a branch on the server, or null. `nodeId` is its id in GraphQL, or empty. */
export async function branchOf(
  { client, name }: Reach,
  branch: string,
): Promise<{ readonly commit: string; readonly nodeId: string } | null> {
  try {
    const { object, node_id: nodeId } = await getRef(client, { ...name, ref: `heads/${branch}` });
    return { commit: object.sha, nodeId };
  } catch (error) {
    // An empty repository answers 409.
    if (error instanceof GhesError && ['ghes-not-found', 'ghes-conflict'].includes(error.code)) return null;
    throw error;
  }
}

/** Converts the server's rejection of a branch update into a user-facing error that mentions branch protection. */
export async function explainBranchRejection(error: unknown, access: Reach, branch: string): Promise<unknown> {
  if (!(error instanceof GhesError) || !['ghes-validation', 'ghes-forbidden'].includes(error.code)) return error;
  if (error instanceof GhesForbiddenError && isMissingPermission(error)) return error;
  if (await isProtected(access, branch)) {
    const remedy = 'Write to another branch, and open a pull request from it.';
    const message = `Branch "${branch}" is protected on the server: ${serverMessage(error)} ${remedy}`;
    return new ForbiddenError(message, { cause: error });
  }
  if (error.code === 'ghes-forbidden') return error;
  return new InvalidInputError(`The server rejects the change: ${serverMessage(error)}`);
}

function isMissingPermission({ missingPermission, message }: GhesForbiddenError): boolean {
  return missingPermission !== undefined || /not accessible|push access|permission/i.test(message);
}

async function isProtected({ client, name }: Reach, branch: string): Promise<boolean> {
  try {
    return (await getBranch(client, { ...name, branch })).protected;
  } catch {
    return false;
  }
}
