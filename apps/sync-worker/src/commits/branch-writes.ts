import { ForbiddenError, InvalidInputError } from '@reunite/contracts';
import { GhesForbiddenError, getBranch, getRef, GhesError } from '@reunite/ghes-client';
import { serverWords } from '../pull-requests/server-words.rules.js';
import type { WriteAccess } from './repository-writes.js';

type Reach = Pick<WriteAccess, 'client' | 'name'>;

/** Where a branch stands on the server; null where there is none. A tag of the same name is none. */
export async function headOf({ client, name }: Reach, branch: string): Promise<string | null> {
  try {
    return (await getRef(client, { ...name, ref: `heads/${branch}` })).object.sha;
  } catch (error) {
    // An empty repository has no branch at all.
    if (error instanceof GhesError && ['ghes-not-found', 'ghes-conflict'].includes(error.code)) return null;
    throw error;
  }
}

/** What a person is told when the server refuses to move a branch: protection, or the server's own words. */
export async function branchRefusal(error: unknown, access: Reach, branch: string): Promise<unknown> {
  if (!(error instanceof GhesError) || !['ghes-validation', 'ghes-forbidden'].includes(error.code)) return error;
  if (error instanceof GhesForbiddenError && isPermission(error)) return error;
  if (await isProtected(access, branch)) {
    const instead = 'Write to another branch, and open a pull request from it.';
    const message = `Branch "${branch}" is protected on the server: ${serverWords(error)} ${instead}`;
    return new ForbiddenError(message, { cause: error });
  }
  if (error.code === 'ghes-forbidden') return error;
  return new InvalidInputError(`The server refuses it: ${serverWords(error)}`);
}

function isPermission({ missingPermission, message }: GhesForbiddenError): boolean {
  return missingPermission !== undefined || /not accessible|push access|permission/i.test(message);
}

async function isProtected({ client, name }: Reach, branch: string): Promise<boolean> {
  try {
    return (await getBranch(client, { ...name, branch })).protected;
  } catch {
    return false;
  }
}
